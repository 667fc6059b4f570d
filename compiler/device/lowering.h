// lower() by what it makes. Private to this folder.
#pragma once

#include "compiler/device/compiler_steps.h"

namespace nyx::device {

class Lowering {
  public:
    explicit Lowering(Declared& device) : device_(device), program_(device.program) {}
    void run();

  private:
    // lower.cc
    std::uint32_t add(dev::ir::Function made);
    void require_pure(const dev::ir::Function& made, Span where, std::string_view what);
    std::uint32_t question(const ast::Expr& condition, const std::string& name);
    std::uint32_t constant(const std::string& name);
    void lower(const DeriveInfo& derive);
    void lower(const FunctionInfo& function);

    // lower_guards.cc
    std::string guard_name(const std::vector<Guard>& guards) const;
    std::uint32_t guard(const RegisterInfo& reg);
    std::uint32_t phase(const RegisterInfo& reg);

    // lower_registers.cc
    void lower(const RegisterInfo& info);
    static void add_bits(dev::ir::Register& reg, const FieldInfo& field);
    std::uint32_t computed(const RegisterInfo& info, const dev::ir::Register& reg);
    void part_parameters(Body& body, const RegisterInfo& info, unsigned first, const std::vector<ast::Ident>& names);
    std::uint32_t on_read(const RegisterInfo& info);
    std::uint32_t on_write(const RegisterInfo& info);
    std::uint32_t window_read(const RegisterInfo& info);
    std::uint32_t window_write(const RegisterInfo& info);
    std::pair<std::uint16_t, std::uint16_t> window_index(FunctionBuilder& code, const RegisterInfo& info);
    void promise(const RegisterInfo& info, dev::ir::Register& reg);

    // lower_handlers.cc
    std::vector<ast::Ident> parameters(const ast::OnStmt& node, std::size_t most);
    void lower(const HandlerInfo& handler);
    void once(std::uint32_t known, const ast::OnStmt& node, std::string_view what);
    std::uint32_t handle(const HandlerInfo& handler, unsigned parameter_count, std::optional<Type> type);
    void accepts(std::uint32_t source);
    void unknown_event(const ast::OnStmt& node);
    void require_handler(const dev::ir::Source& source);

    Declared& device_;
    dev::ir::Program& program_;
    std::map<std::string, std::uint32_t> guards_;  // functions by the text of the condition
};

}  // namespace nyx::device
