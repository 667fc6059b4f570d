// The function that is being written: its instructions, its variables, and what encloses the current statement.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/syntax/ast.h"
#include "runtime/script/program.h"

namespace nyx::lower {

using script::Op;

enum class Binding : std::uint8_t { kPlain, kLet, kMutable, kConst };

struct LocalVariable {
    std::uint16_t slot = 0;
    Binding binding = Binding::kPlain;
    bool checked = false;  // it may be read before it has a value
    Span where;
    std::uint32_t type_check = script::kNone;
};

// A loop, or a try with a finally, around the current statement.
struct Enclosing {
    bool is_loop = false;
    std::vector<std::size_t> breaks;     // jumps to be pointed behind the loop
    std::vector<std::size_t> continues;  // to its next round
    // Of a finally: what to do once it has run. kind_slot says which.
    struct Exit {
        enum class Kind : std::uint8_t { kReturn, kBreak, kContinue } kind;
        std::size_t jump;
    };
    std::uint16_t kind_slot = 0;
    std::uint16_t value_slot = 0;
    std::vector<Exit> exits;
};

class FunctionState {
  public:
    explicit FunctionState(FunctionState* parent) : parent_(parent) { push_scope(); }

    // ---- Code -------------------------------------------------------------------------------------------------------
    std::size_t emit(Op op, Span span, std::uint32_t b = 0, std::size_t a = 0) {
        function.code.push_back({op, static_cast<std::uint16_t>(a), b});
        function.spans.push_back(span);
        return function.code.size() - 1;
    }
    std::uint32_t here() const { return static_cast<std::uint32_t>(function.code.size()); }
    void point_here(std::size_t jump) { function.code[jump].b = here(); }
    void point_here(const std::vector<std::size_t>& jumps) {
        for (std::size_t jump : jumps) point_here(jump);
    }

    // The build stage leaves out a statement that fails, so variables may be without a value.
    bool goes_on() const { return is_module_body || is_machine; }
    // What was emitted since `begin` is a statement.
    void end_statement(std::uint32_t begin) {
        if (goes_on() && begin != here()) function.statements.push_back({begin, here()});
    }

    // ---- Variables --------------------------------------------------------------------------------------------------
    void push_scope() { scopes_.emplace_back(); }
    void pop_scope() {
        for (std::uint16_t slot : scopes_.back().slots) free_slots_.push_back(slot);
        scopes_.pop_back();
    }
    bool in_block() const { return scopes_.size() > 1; }
    // A variable of the innermost scope.
    LocalVariable& declare(const std::string& name, Binding binding, Span where);
    // One that lives as long as the function: declared by a plain assignment.
    LocalVariable& declare_for_function(const std::string& name, Span where);
    // Of the innermost scope. A closure that shares what was there before keeps that.
    std::uint16_t hidden_slot(Span span);
    LocalVariable* find(const std::string& name);
    const LocalVariable* find_in_scope(const std::string& name) const;
    std::uint32_t capture(bool from_local, std::uint16_t index, const std::string& name);
    std::vector<std::string> names() const;
    bool too_many_locals() const { return slot_count_ >= 0xFFF0; }

    // Drops CloseLocal of variables that no closure shares, and completes the function.
    void finish(const std::vector<script::Function>& functions, const std::vector<script::ClassInfo>& classes);

    script::Function function;
    std::vector<Enclosing> enclosing;
    FunctionState* parent() const { return parent_; }

    bool is_module_body = false;
    bool is_machine = false;                 // plain assignments set fields, unknown names are symbols
    bool is_require = false;                 // fields come before the program's own names
    bool is_test = false;                    // so they do, and there are the functions of tests
    const ast::SchemaDecl* event = nullptr;  // of a handler: what it is told, by the name `context`
    std::string context;
    std::uint32_t result_check = script::kNone;
    const ast::FnBody* source = nullptr;

  private:
    struct Scope {
        std::unordered_map<std::string, LocalVariable> names;
        std::vector<std::uint16_t> slots;
    };
    std::uint16_t take_slot(const std::string& name);

    FunctionState* parent_;
    std::vector<Scope> scopes_;
    std::vector<std::uint16_t> free_slots_;
    std::uint32_t slot_count_ = 0;
};

}  // namespace nyx::lower
