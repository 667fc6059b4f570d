// Statements of the syntax tree (ast.h).
#pragma once

#include "compiler/syntax/ast_expressions.h"

namespace nyx::ast {

struct ExprStmt : Stmt {
    NYX_STMT_NODE(ExprStmt) ExprPtr expr;
};

enum class LetKind : std::uint8_t { kLet, kLetMut, kConst };
// More than one name destructures: `let a, b = pair` / `let (a, b) = pair`. value may be null (`let x: int`).
struct LetStmt : Stmt {
    NYX_STMT_NODE(LetStmt)
    LetKind binding{};
    std::vector<Ident> names;
    std::optional<TypeRef> type;
    ExprPtr value;
};
// `target op= value`; no op for plain `=`. target is NameExpr, MemberExpr, IndexExpr, or TupleExpr of such.
struct AssignStmt : Stmt {
    NYX_STMT_NODE(AssignStmt) ExprPtr target;
    std::optional<BinaryOp> op;
    ExprPtr value;
};
struct BlockStmt : Stmt {
    NYX_STMT_NODE(BlockStmt) StmtList body;
};
// else if: else_body holds one IfStmt.
struct IfStmt : Stmt {
    NYX_STMT_NODE(IfStmt) ExprPtr condition;
    StmtList then_body;
    StmtList else_body;
};
struct WhileStmt : Stmt {
    NYX_STMT_NODE(WhileStmt) ExprPtr condition;
    StmtList body;
};
// for (init; condition; step); each may be null.
struct ForStmt : Stmt {
    NYX_STMT_NODE(ForStmt) StmtPtr init;
    ExprPtr condition;
    StmtPtr step;
    StmtList body;
};
struct ForInStmt : Stmt {
    NYX_STMT_NODE(ForInStmt) std::vector<Ident> names;
    ExprPtr iterable;
    StmtList body;
};
// values empty: default. A case does not fall through.
struct SwitchCase {
    ExprList values;
    StmtList body;
    Span span;
};
struct SwitchStmt : Stmt {
    NYX_STMT_NODE(SwitchStmt) ExprPtr subject;
    std::vector<SwitchCase> cases;
};
// match x { 1 | 2 => stmt, name if cond => { … }, _ => … }: patterns empty is `_`.
struct MatchArm {
    ExprList patterns;
    ExprPtr guard;
    StmtList body;
    Span span;
};
struct MatchStmt : Stmt {
    NYX_STMT_NODE(MatchStmt) ExprPtr subject;
    std::vector<MatchArm> arms;
};
struct BreakStmt : Stmt {
    NYX_STMT_NODE(BreakStmt)
};
struct ContinueStmt : Stmt {
    NYX_STMT_NODE(ContinueStmt)
};
struct ReturnStmt : Stmt {
    NYX_STMT_NODE(ReturnStmt) ExprPtr value;
};  // may be null
struct TryStmt : Stmt {
    NYX_STMT_NODE(TryStmt)
    StmtList body;
    bool has_catch = false;
    std::optional<Ident> catch_name;
    StmtList catch_body;
    StmtList finally_body;
};
struct ThrowStmt : Stmt {
    NYX_STMT_NODE(ThrowStmt) ExprPtr value;
};
struct AssertStmt : Stmt {
    NYX_STMT_NODE(AssertStmt) ExprPtr condition;
    ExprPtr message;
};  // message may be null
struct PassStmt : Stmt {
    NYX_STMT_NODE(PassStmt)
};
struct ErrorStmt : Stmt {
    NYX_STMT_NODE(ErrorStmt)
};

}  // namespace nyx::ast
