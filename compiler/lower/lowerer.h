// The lowering of one program: state shared by the files of this folder. Private to compiler/lower.
//
// Every statement leaves the operand stack as it found it, and every expression leaves one value on it; statements begin
// with an empty stack, which is why handlers cut it to nothing.
#pragma once

#include <fmt/format.h>

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/lower/scope.h"
#include "compiler/syntax/ast.h"
#include "runtime/script/natives.h"
#include "runtime/script/program.h"

namespace nyx::lower {

class Lowerer {
  public:
    Lowerer(script::Program& program, const script::Natives& natives, diagnostics::Sink& sink)
        : program_(program), natives_(natives), sink_(sink) {}

    // scope: names, imports and globals of the module are entered already (declare).
    void module_body(const ast::Module& module, ModuleScope& scope);
    // Enters the names that the body declares, and a table of exports.
    void declare(const ast::StmtList& body, ModuleScope& scope);

  private:
    using Op = script::Op;

    // code.cc: instructions and tables
    std::size_t emit(Op op, Span span, std::uint32_t b = 0, std::uint16_t a = 0);
    std::size_t jump(Op op, Span span) { return emit(op, span); }
    void land(std::size_t jump);
    std::uint32_t here() const { return static_cast<std::uint32_t>(fn_->code.code.size()); }
    std::uint32_t string(const std::string& text);
    std::uint32_t constant(script::Constant constant);
    std::uint32_t native(const std::string& name);
    std::uint32_t call_site(script::CallSite site);
    void integer(std::int64_t value, Span span);
    diagnostics::Diagnostic& error(diagnostics::Code code, Span span, std::string message);

    // expressions.cc
    void expression(const ast::Expr& expr);
    void name(const ast::NameExpr& expr);
    void unknown_name(const ast::NameExpr& expr);
    void quantity(const ast::Quantity& expr);
    void interpolated(const ast::InterpolatedString& expr);
    void comprehension(const ast::Comprehension& expr);
    void unary(const ast::UnaryExpr& expr);
    void binary(const ast::BinaryExpr& expr);
    void call(const ast::CallExpr& expr);
    void record(const ast::CallExpr& expr, const ast::NameExpr& callee);
    void arguments(const ast::CallExpr& expr, script::CallSite& site);
    void step(const ast::StepExpr& expr);
    void slice(const ast::SliceExpr& expr);

    // Where a bare name leads; found nowhere: kNowhere.
    struct Place {
        enum Kind { kLocal, kCell, kGlobal, kField, kModule, kNative, kNowhere } kind = kNowhere;
        std::uint32_t index = 0;
    };
    Place resolve(const std::string& name);
    std::optional<std::uint16_t> capture(FunctionScope& scope, const std::string& name);
    std::optional<std::uint16_t> receiver();
    bool is_member(const std::string& name) const;
    std::vector<std::string> known_names() const;
    void load(const Place& place, Span span);
    void store_name(const std::string& name, Span span);

    // statements.cc
    void body(const ast::StmtList& list);
    void statement(const ast::Stmt& stmt);
    void let(const ast::LetStmt& stmt);
    void assign(const ast::AssignStmt& stmt);
    void assign_to(const ast::Expr& target);
    void compound(const ast::AssignStmt& stmt);
    void if_else(const ast::IfStmt& stmt);
    void while_loop(const ast::WhileStmt& stmt);
    void for_loop(const ast::ForStmt& stmt);
    void for_in(const ast::ForInStmt& stmt);
    void switch_cases(const ast::SwitchStmt& stmt);
    void match_arms(const ast::MatchStmt& stmt);
    void leave_loop(const ast::Stmt& stmt, bool is_break);
    void close_loop(Span span);
    void return_value(const ast::ReturnStmt& stmt);
    void try_catch(const ast::TryStmt& stmt);
    void assertion(const ast::AssertStmt& stmt);
    void run_finals(std::size_t down_to);
    void not_in_this_build(Span span, const std::string& what);

    // functions.cc
    std::uint32_t function(const std::string& name, Span where, const ast::FnBody& fn, const ast::ClassDecl* cls);
    void class_decl(const ast::ClassDecl& decl);
    void module_decl(const ast::ModuleDecl& decl);
    std::uint32_t field_values(const ast::ClassDecl& decl);
    std::uint32_t finish_function(FunctionScope& scope, Span where);
    std::uint32_t condition(const ast::Expr& expr);

    // machines.cc
    void machine(const ast::MachineDecl& decl);
    void device(const ast::DeviceStmt& stmt);
    void setting(const ast::AssignStmt& stmt);
    void requirement(const ast::RequireStmt& stmt);
    bool in_machine() const { return fn_->machine_depth > 0; }

    script::Program& program_;
    const script::Natives& natives_;
    diagnostics::Sink& sink_;
    FunctionScope* fn_ = nullptr;
    ModuleScope* module_ = nullptr;
    std::vector<std::unique_ptr<ModuleScope>> inner_modules_;
    std::map<const ast::ModuleDecl*, ModuleScope*> inner_by_decl_;
    std::unordered_map<std::string, std::uint32_t> strings_;
};

}  // namespace nyx::lower
