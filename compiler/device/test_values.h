// Values in a test of a device: each is a function of the program, over slots that have what the test has read so far.
// Private to this folder.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/device/compiler_steps.h"

namespace nyx::device {

class TestValues {
  public:
    // Functions go behind those of `program`, reads to `steps`; all three outlive this.
    TestValues(Declared& device, dev::ir::Program& program, std::vector<TestStep>& steps)
        : device_(device), program_(program), steps_(steps) {}

    // A function that gives the expression: as `wanted`, or as what it is, which `found` is told. What it reads is
    // prepared.
    std::uint32_t value(const ast::Expr& expr, std::optional<Type> wanted = std::nullopt, Type* found = nullptr);
    // Of a part of an expression that value() was asked for: nothing is read or reported again.
    std::uint32_t part_of_value(const ast::Expr& expr);
    // Reads of registers and of what came out happen first, from left to right, each into a slot.
    void prepare(const ast::Expr& expr);
    // The register that it names; step is told which of an array. Null: reported.
    const RegisterInfo* register_of(const ast::Expr& expr, TestStep& step);

    // An empty name: values do not use it by name.
    std::uint32_t new_slot(Type type, ast::Ident name = {});
    std::uint32_t slots() const { return static_cast<std::uint32_t>(slots_.size()); }
    // The counter of a loop, whose value is known, until it is dropped; the latest goes first.
    void add_counter(std::string name, std::uint64_t number) { counters_.emplace_back(std::move(name), number); }
    void drop_counter() { counters_.pop_back(); }

  private:
    struct Slot {
        Type type;
        ast::Ident name;
    };

    std::uint32_t function(const ast::Expr& expr, std::optional<Type> wanted, Type* found);
    void declare_names(Body& body) const;

    // test_reads.cc: whether it is one of these; then it has a slot, and a step that fills it.
    bool read(const ast::Expr& expr);
    void read_register(const ast::CallExpr& node);
    void read_request(const ast::Expr& expr, const ast::Ident& what);
    void read_port(const ast::Expr& expr, const ast::CallExpr* call, const ast::Ident& port, const ast::Ident& what);
    std::uint32_t slot_of(const ast::Expr& expr, Type type) { return prepared_[&expr] = new_slot(type); }

    Declared& device_;
    dev::ir::Program& program_;
    std::vector<TestStep>& steps_;
    std::vector<Slot> slots_;
    std::vector<std::pair<std::string, std::uint64_t>> counters_;
    std::map<const ast::Expr*, std::uint32_t> prepared_;  // which slot has it
};

}  // namespace nyx::device
