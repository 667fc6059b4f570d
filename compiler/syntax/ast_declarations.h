// Declarations of the syntax tree (ast.h): of programs, and of machines.
#pragma once

#include "compiler/syntax/ast_statements.h"

namespace nyx::ast {

struct FnDecl : Stmt {
    NYX_STMT_NODE(FnDecl) Ident name;
    FnBody fn;
    std::string doc;
};

// `@deprecated(since: "0.3", use: cpus)` behind what it is about.
struct Annotation {
    Ident name;
    std::vector<Argument> arguments;
    Span span;
};
struct FieldDecl {
    Ident name;
    std::optional<TypeRef> type;
    ExprPtr value;
    std::string doc;
    std::vector<Annotation> annotations;  // of a schema's field
};  // value may be null
struct ClassDecl : Stmt {
    NYX_STMT_NODE(ClassDecl)
    Ident name;
    std::optional<Ident> base;  // `extends B` or `: B`
    std::vector<FieldDecl> fields;
    std::vector<std::unique_ptr<FnDecl>> methods;
    std::string doc;
};
struct ModuleDecl : Stmt {
    NYX_STMT_NODE(ModuleDecl) Ident name;
    StmtList body;
    std::string doc;
};
// `import a.b`, `use "a"`, `from a import x, y`: path is "a.b"; names empty imports the module itself.
struct ImportStmt : Stmt {
    NYX_STMT_NODE(ImportStmt) Ident path;
    std::vector<Ident> names;
    std::optional<Ident> alias;
};
struct TypeAliasStmt : Stmt {
    NYX_STMT_NODE(TypeAliasStmt) Ident name;
    TypeRef type;
};

// machine name : base { … }. The body holds AssignStmt (fields), DeviceStmt, IfStmt, ForInStmt, LetStmt, RequireStmt,
// OnStmt, TestStmt. A host, `host rack { memory = 64 GiB }`, is one of these as well: what it holds is written alike.
struct MachineDecl : Stmt {
    NYX_STMT_NODE(MachineDecl)
    bool is_host = false;
    Ident name;
    std::optional<Ident> base;
    std::string doc;
    StmtList body;
};
// schema name : base { field: type = default """doc""" … }, the declarations from which stdlib describes machines and
// devices.
struct SchemaDecl : Stmt {
    NYX_STMT_NODE(SchemaDecl)
    Ident name;
    std::optional<Ident> base;
    std::string doc;
    std::vector<FieldDecl> fields;
    std::vector<Annotation> annotations;
};
// In a machine: `serial com1 { base = 0x3f8 }`, `tpm { }`, `device gpio(base = 0x3fc)`. type "serial"; name "com1" or
// absent; arguments of the (…) form are AssignStmts at the front of body.
struct DeviceStmt : Stmt {
    NYX_STMT_NODE(DeviceStmt) Ident type;
    std::optional<Ident> name;
    std::string doc;
    StmtList body;
};
struct RequireStmt : Stmt {
    NYX_STMT_NODE(RequireStmt) ExprPtr condition;
    ExprPtr message;
};  // message may be null
// `on event(arguments) (parameters) { … }`; one group alone is the arguments.
struct OnStmt : Stmt {
    NYX_STMT_NODE(OnStmt) Ident event;
    ExprList arguments;
    std::vector<Parameter> parameters;
    StmtList body;
};
struct TestStmt : Stmt {
    NYX_STMT_NODE(TestStmt) std::string title;
    StmtList body;
};

}  // namespace nyx::ast
