// What every name in a program means, by the rules of lower.h: local variables, then (in methods) fields and methods,
// then the module's names, then those of its imports, then built-ins. Order counts: plain `x = e` assigns the variable
// that the text above has.
//
// Reports nothing: what has no meaning was reported by compiler/lower and stays unbound, so that its type is unknown.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/analyze/data.h"
#include "compiler/syntax/ast_device.h"

namespace nyx::analyze {

class Binder {
  public:
    explicit Binder(Model::Data& data) : data_(data) {}
    void bind();

  private:
    // A function body, module body or machine that is being read.
    struct Frame {
        Frame* parent = nullptr;
        bool is_module_body = false;
        bool is_machine = false;
        bool is_require = false;
        SymbolId owner = kNoSymbol;
        std::vector<std::unordered_map<std::string, SymbolId>> scopes;
        std::vector<std::uint32_t> entries;  // in Data::scopes, of each scope
    };

    // ---- bind.cc
    SymbolId declare(const ast::Ident& ident, SymbolKind kind, Span whole);
    SymbolId declare_for_function(const std::string& name, Span span);
    SymbolId add_symbol(SymbolKind kind, const ast::Ident& ident, Span whole, SymbolId owner);
    void note(const ast::Ident& ident, SymbolId symbol);  // the place where it is declared
    void push_scope(Span span, std::uint32_t class_entry = kNone);
    void pop_scope();
    template <class Body>
    void in_frame(SymbolId owner, Span span, std::uint32_t class_entry, Body body);
    SymbolId find_local(const std::string& name) const;
    SymbolId find_module_name(std::uint32_t module, const std::string& name) const;
    SymbolId find_dotted(const std::string& name) const;
    SymbolId resolve(const std::string& name) const;
    void use(const ast::NameExpr& node, bool is_write = false);
    void assign_name(const ast::NameExpr& node);
    Span block_span(const ast::StmtList& body, Span around) const;

    // ---- bind_declarations.cc
    void declare_module(std::size_t index);
    void declare_names(std::uint32_t module, const ast::StmtList& body, std::size_t index);
    void declare_assigned(std::uint32_t module, const ast::StmtList& body);
    void declare_import(std::uint32_t module, const ast::ImportStmt& import, std::size_t index);
    void declare_schema(const ast::SchemaDecl& schema, std::uint32_t module);
    void declare_device(const ast::DeviceDecl& device, std::uint32_t module);
    SchemaEntry& add_schema(const ast::Ident& name, Span whole, const std::string& doc, std::uint32_t module);
    void add_schema_field(SchemaEntry& entry, const ast::Ident& name, const ast::Expr* value, const std::string& doc);
    void module_decl(const ast::ModuleDecl& node);
    bool gives_way(SymbolId symbol) const;
    SymbolId module_name(std::uint32_t module, const ast::Ident& ident, SymbolKind kind, Span whole);

    // ---- bind_classes.cc
    std::uint32_t add_class(const ast::ClassDecl& decl, SymbolId symbol);
    void add_self_fields(ClassEntry& entry, const ast::StmtList& body);
    void function(const ast::FnBody& fn, SymbolId symbol, std::uint32_t class_entry, Span where, Span whole);
    void class_decl(const ast::ClassDecl& node);
    void fn_decl(const ast::FnDecl& node);

    // ---- bind_types.cc
    Type type(const ast::TypeRef& ref, int depth = 0);
    Type named_type(const ast::TypeRef& ref, int depth);

    // ---- bind_statements.cc
    void block(const ast::StmtList& body, Span around);
    void statements(const ast::StmtList& body);
    void stmt(const ast::Stmt& node);
    void assign(const ast::AssignStmt& node);
    void if_stmt(const ast::IfStmt& node);
    void for_in(const ast::ForInStmt& node);
    void switch_stmt(const ast::SwitchStmt& node);
    void type_alias(const ast::TypeAliasStmt& node);
    void schema_decl(const ast::SchemaDecl& node);
    void device_decl(const ast::DeviceDecl& node);
    void let(const ast::LetStmt& node);
    void target(const ast::Expr& node);
    void for_stmt(const ast::ForStmt& node);
    void match_stmt(const ast::MatchStmt& node);
    void try_stmt(const ast::TryStmt& node);

    // ---- bind_expressions.cc
    void expr(const ast::Expr& node);
    void exprs(const std::vector<ast::ExprPtr>& nodes);
    void name(const ast::NameExpr& node);
    void map(const ast::MapExpr& node);
    void comprehension(const ast::Comprehension& node);
    void slice(const ast::SliceExpr& node);
    void step(const ast::StepExpr& node);
    void fn_expr(const ast::FnExpr& node);
    void call(const ast::CallExpr& node);

    // ---- bind_machines.cc
    void machine(const ast::MachineDecl& node);
    void machine_body(const ast::StmtList& body, const std::string& schema, Span around);
    void machine_stmt(const ast::Stmt& node, const std::string& schema);
    void setting(const ast::AssignStmt& node, const std::string& schema);
    void device(const ast::DeviceStmt& node);
    void symbolic(const ast::Expr& node);
    bool symbolic_name(const ast::NameExpr& node);

    Model::Data& data_;
    Frame* frame_ = nullptr;
    std::uint32_t module_ = kNone;
    std::uint32_t class_ = kNone;
    std::uint32_t machine_symbol_ = kNoSymbol;
    bool symbolic_ = false;                      // a name that nothing declares is a symbol here
    std::vector<std::uint32_t> module_entries_;  // by module of the program
    std::unordered_map<const ast::ModuleDecl*, std::uint32_t> inner_modules_;
    std::unordered_map<std::string, SymbolId> natives_;
};

template <class Body>
void Binder::in_frame(SymbolId owner, Span span, std::uint32_t class_entry, Body body) {
    Frame frame;
    frame.parent = frame_;
    frame.owner = owner;
    Frame* outer = frame_;
    bool symbolic = symbolic_;
    symbolic_ = false;
    std::uint32_t around = outer && !outer->entries.empty() ? outer->entries.back() : kNone;
    frame_ = &frame;
    frame.scopes.emplace_back();
    data_.scopes.push_back({span, around, module_, class_entry, {}});
    frame.entries.push_back(static_cast<std::uint32_t>(data_.scopes.size() - 1));
    body(frame);
    frame_ = outer;
    symbolic_ = symbolic;
}

}  // namespace nyx::analyze
