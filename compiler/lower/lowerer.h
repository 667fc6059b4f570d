// One pass over the trees of all modules. A kind of node is one `write`, in the file of its piece of the language:
// statements.cc, assignments.cc, branches.cc, choices.cc, leaving.cc, expressions.cc, collections.cc, calls.cc,
// members.cc, declarations.cc, machine_blocks.cc.
#pragma once

#include <fmt/format.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/lower/function_state.h"
#include "compiler/lower/modules.h"
#include "compiler/lower/tables.h"
#include "compiler/syntax/ast_device.h"

namespace nyx::lower {

// What is known of a class before anything runs.
struct ClassSummary {
    const ast::ClassDecl* decl = nullptr;
    const ClassSummary* base = nullptr;
    bool base_unknown = false;
    std::set<std::string> fields;  // declared, or assigned through self
    std::map<std::string, const ast::FnDecl*> methods;

    bool has_field(const std::string& name) const { return fields.contains(name) || (base && base->has_field(name)); }
    const ast::FnDecl* method(const std::string& name) const {
        auto found = methods.find(name);
        return found != methods.end() ? found->second : base ? base->method(name) : nullptr;
    }
};

// A name of a module: a variable, or what a declaration made.
struct ModuleName {
    enum class Kind : std::uint8_t { kVariable, kFunction, kClass, kMachine, kModule } kind = Kind::kVariable;
    std::uint32_t index = 0;  // global, or module
    Binding binding = Binding::kPlain;
    Span where;
    const ast::FnDecl* function = nullptr;
    const ClassSummary* summary = nullptr;
    std::uint32_t type_check = script::kNone;
    struct ModuleScope* module = nullptr;
    bool gives_way = false;  // an import's: a declaration of the same name takes its place
};

struct ModuleScope {
    std::string name;
    ModuleScope* parent = nullptr;
    std::unordered_map<std::string, ModuleName> names;
    std::unordered_map<std::string, const ast::TypeRef*> aliases;
    std::vector<const ModuleScope*> imports;  // their names are known here too, after the module's own
    bool is_stdlib = false;
    std::uint32_t table = 0;  // in Program::modules
};

// What a bare name means in the current place.
struct Resolved {
    enum class Kind : std::uint8_t { kNothing, kLocal, kCapture, kField, kMethod, kModuleName, kNative };
    Kind kind = Kind::kNothing;
    LocalVariable* local = nullptr;  // also of a capture, in its own function
    std::uint32_t index = 0;         // capture, native
    const ModuleName* name = nullptr;
};

class Lowerer {
  public:
    Lowerer(const source::SourceMap& sources, diagnostics::Sink& sink);
    std::unique_ptr<script::Program> lower(const std::vector<LoadedModule>& modules);

  private:
    // ---- module_names.cc, names.cc, variables.cc
    void declare_names(ModuleScope& scope, const ast::StmtList& body, const LoadedModule& module, bool nested);
    void declare_assigned(ModuleScope& scope, const ast::StmtList& body);
    ModuleName* add_name(ModuleScope& scope, const ast::Ident& ident, ModuleName::Kind kind, Binding binding);
    void declare_import(ModuleScope& scope, const ast::ImportStmt& import, const LoadedModule& module);
    void declare_module(ModuleScope& scope, const ast::ModuleDecl& inner);
    void import_name(ModuleScope& scope, const ModuleScope& from, const ast::Ident& name);
    void bind_module(ModuleScope& scope, ModuleScope& from, Span where, std::string alias = "");
    void add_exports(ModuleScope& scope);
    Resolved resolve(const std::string& name);
    bool resolve_in_functions(FunctionState& function, const std::string& name, Resolved& result);
    const ModuleName* find_name(const ModuleScope& scope, const std::string& name) const;
    const ModuleName* find_dotted(const ModuleScope& scope, const std::string& name) const;
    void unknown_name(const std::string& name, Span where);
    std::vector<std::string> names_in_reach() const;
    void load(const Resolved& resolved, const std::string& name, Span span);
    void store(const Resolved& resolved, const std::string& name, Span span);
    void load_self(Span span);
    void assign_name(const std::string& name, Span span);
    bool may_assign(Binding binding, const std::string& name, Span where, Span declared);
    ClassSummary* summarize(const ast::ClassDecl& decl, const ModuleScope& scope);

    // ---- One for each kind of node. An expression leaves one value on the stack.
#define NYX_EXPR(kind) void write(const ast::kind& node);
#define NYX_STMT(kind) void write(const ast::kind& node);
#include "compiler/syntax/ast_kinds.def"

    // ---- expressions.cc, collections.cc, calls.cc, members.cc
    void expr(const ast::Expr& node);
    void operand(const ast::Expr& node, ast::BinaryOp op);
    void expr_of_kind(const ast::Expr& node);
    void list(Op op, const ast::ExprList& elements, Span span);
    void call_unknown(const ast::CallExpr& node, const ast::NameExpr& callee);
    void call_own_method(const ast::CallExpr& node, const ast::NameExpr& callee);
    void call_native(const ast::CallExpr& node, std::uint32_t native);
    void check_call(const ast::CallExpr& node, const ast::NameExpr& callee, const ModuleName& known);
    void call_named_value(const ast::CallExpr& node);
    void method_call(const ast::CallExpr& node, const ast::MemberExpr& callee);
    void super_call(const ast::CallExpr& node, const std::string& method);
    void record(const ast::CallExpr& node, const ast::NameExpr& callee);
    // Pushes them; the call site's names, by position first.
    std::vector<std::string> arguments(const ast::CallExpr& node);
    void check_arguments(const ast::CallExpr& node, const std::string& name, const ast::FnBody& fn, bool method,
                         Span where);
    struct Called {
        const std::string& name;
        Span where;              // of its declaration
        std::uint32_t last_end;  // of the argument before
    };
    std::optional<std::size_t> place_of(const ast::Argument& argument,
                                        const std::vector<const ast::Parameter*>& parameters, std::size_t& place,
                                        const Called& called);
    void optional_chain(const ast::Expr& node);
    void chain_link(const ast::Expr& node, std::vector<std::size_t>& exits);
    void step(const ast::StepExpr& node, bool value_wanted);
    void constant_int(std::int64_t value, Span span);

    // ---- statements.cc, assignments.cc, branches.cc, leaving.cc
    void block(const ast::StmtList& body);
    void statements(const ast::StmtList& body);
    void stmt(const ast::Stmt& node);
    void stmt_of_kind(const ast::Stmt& node);
    void let_in_module(const ast::Ident& ident, const ast::LetStmt& node, std::uint32_t check, Binding binding);
    void let_local(const ast::Ident& ident, const ast::LetStmt& node, std::uint32_t check, Binding binding);
    static Binding binding_of(ast::LetKind kind) {
        if (kind == ast::LetKind::kConst) return Binding::kConst;
        return kind == ast::LetKind::kLet ? Binding::kLet : Binding::kMutable;
    }
    void check_own_field(const ast::MemberExpr& member, Span value);
    void assign_to(const ast::Expr& target, Span span);  // the value is on the stack
    void compound(const ast::AssignStmt& node);
    // Jumps when the condition is false; returns the jump.
    std::size_t jump_unless(const ast::Expr& condition);
    Enclosing loop_body(const ast::StmtList& body);
    std::size_t next_item(const std::vector<ast::Ident>& names, std::uint16_t iterator, Span span);
    void finish_finally(const ast::TryStmt& node);
    void leave_loop(bool is_break, Span span);
    void leave_function(Span span);  // the result is on the stack
    // The word that a statement begins with.
    Span first_word(Span statement) const;
    void store_new(const ast::Ident& ident, Binding binding, std::uint32_t type_check, Span span);

    // ---- declarations.cc
    std::uint32_t function(const std::string& name, const ast::FnBody& fn, const ClassSummary* method_of, Span where);
    void parameters(FunctionState& state, const ast::FnBody& fn, bool is_method);
    std::uint32_t class_fields(const ast::ClassDecl& node);
    std::uint32_t class_init(const ast::ClassDecl& node);
    // Runs `body` with a new function as the current one, and returns its index.
    template <class Body>
    std::uint32_t in_function(const std::string& name, Span where, Body body);
    void end_function(FunctionState& state, Span span);

    // ---- machine_blocks.cc
    void machine_body(const ast::StmtList& body, bool in_device);
    void machine_stmt(const ast::Stmt& node, bool in_device);
    void machine_stmt_of_kind(const ast::Stmt& node, bool in_device);
    void machine_if(const ast::IfStmt& branch, bool in_device);
    void machine_for(const ast::ForInStmt& loop, bool in_device);
    void setting(const ast::AssignStmt& node);
    void not_a_field(const ast::AssignStmt& node);
    void device(const ast::DeviceStmt& node, bool in_device);
    void require(const ast::RequireStmt& node);
    void symbol_or_field(const std::string& name, Span span);
    void not_in_this_build(Span where, const std::string& what);
    bool sets_field(const std::string& name) const { return machine_fields_.contains(name); }

    // ---- tests.cc
    void call_of_test(const ast::CallExpr& node, const ast::NameExpr& callee);
    void check_expectation(const ast::CallExpr& node, const ast::MemberExpr& callee);
    void check_names(const ast::CallExpr& node, std::initializer_list<std::string_view> named, const std::string& what);

    // ---- handlers.cc
    const ast::SchemaDecl* event_named(const std::string& name) const;
    std::vector<std::string> event_names() const;
    void unknown_event(const ast::OnStmt& node);
    void check_event_arguments(const ast::OnStmt& node, const ast::SchemaDecl& event);
    const FunctionState* handler() const;
    void check_context(const ast::MemberExpr& node);
    std::vector<std::string> told_by(const ast::SchemaDecl& event) const;
    bool assignment_of_handler(const ast::AssignStmt& node);
    bool call_of_handler(const ast::CallExpr& node, const ast::NameExpr& callee);

    // ---- annotations.cc
    std::uint32_t type(const ast::TypeRef& ref);
    std::uint32_t type_check(const ast::TypeRef& ref, const std::string& subject);
    void check_literal(const ast::TypeRef& ref, const ast::Expr& value, const std::string& subject);
    bool known_class(const std::string& name) const;
    const ast::TypeRef& unaliased(const ast::TypeRef& ref) const;

    // In place of what has a mistake that was reported: the build stage leaves the statement out that comes to it.
    void no_value(Span span) { fn_->emit(Op::kMistake, span); }
    void mistaken_statement(Span span) {
        no_value(span);
        fn_->emit(Op::kPop, span);
    }
    void null(Span span) { fn_->emit(Op::kNull, span); }
    // What comes to a reported place is left out too.
    diagnostics::Diagnostic& report(diagnostics::Code code, Span where, std::string message, std::string label = {}) {
        if (fn_) mistaken_statement(where);
        return sink_.report(code, where, std::move(message), std::move(label));
    }

    const source::SourceMap& sources_;
    diagnostics::Sink& sink_;
    Tables tables_;
    std::vector<std::unique_ptr<ModuleScope>> scopes_;
    std::unordered_map<const ast::ModuleDecl*, ModuleScope*> inner_scopes_;
    std::vector<std::unique_ptr<ClassSummary>> summaries_;
    std::vector<ModuleScope*> module_scopes_;  // by module
    const std::vector<LoadedModule>* modules_ = nullptr;
    ModuleScope* scope_ = nullptr;
    FunctionState* fn_ = nullptr;
    const ClassSummary* class_ = nullptr;
    bool symbolic_ = false;  // an unknown name here is a symbol
    bool noting_ = false;    // the values of parts are remembered: who asks where a value is from is told
    std::set<std::string> machine_fields_;
    std::set<const ast::ImportStmt*> missing_imports_;
    int type_depth_ = 0;
    int unknown_names_ = 0;
};

template <class Body>
std::uint32_t Lowerer::in_function(const std::string& name, Span where, Body body) {
    FunctionState state(fn_);
    state.function.name = name;
    state.function.where = where;
    FunctionState* outer = fn_;
    bool symbolic = std::exchange(symbolic_, false);
    bool noting = std::exchange(noting_, false);
    fn_ = &state;
    body(state);
    end_function(state, where);
    fn_ = outer;
    symbolic_ = symbolic;
    noting_ = noting;
    return Tables::add(tables_.program().functions, std::move(state.function));
}

}  // namespace nyx::lower
