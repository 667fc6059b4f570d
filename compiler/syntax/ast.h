// The syntax tree of a .ny file: ours, without any type of the parser generator.
//
// Every node has a kind (ast_kinds.def) and a span. What could not be parsed is an ErrorExpr or ErrorStmt, and a
// diagnostic was reported for it, so later stages go on and stay silent about it. Trees are at most kMaxDepth nodes
// deep, so recursion over them is safe. Immutable once built.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/check.h"
#include "runtime/base/span.h"

namespace nyx::ast {

inline constexpr int kMaxDepth = 500;

enum class ExprKind : std::uint8_t {
#define NYX_EXPR(name) k##name,
#include "compiler/syntax/ast_kinds.def"
};

enum class StmtKind : std::uint8_t {
#define NYX_STMT(name) k##name,
#include "compiler/syntax/ast_kinds.def"
};

struct Expr {
    Expr(ExprKind k, Span s) : kind(k), span(s) {}
    virtual ~Expr() = default;
    ExprKind kind;
    Span span;
};

struct Stmt {
    Stmt(StmtKind k, Span s) : kind(k), span(s) {}
    virtual ~Stmt() = default;
    StmtKind kind;
    Span span;
};

using ExprPtr = std::unique_ptr<Expr>;
using StmtPtr = std::unique_ptr<Stmt>;
using ExprList = std::vector<ExprPtr>;
using StmtList = std::vector<StmtPtr>;

// A name as written, with its own place.
struct Ident {
    std::string text;
    Span span;
};

#define NYX_EXPR_NODE(name)                              \
    static constexpr ExprKind kKind = ExprKind::k##name; \
    explicit name(Span s) : Expr(kKind, s) {}
#define NYX_STMT_NODE(name)                              \
    static constexpr StmtKind kKind = StmtKind::k##name; \
    explicit name(Span s) : Stmt(kKind, s) {}

// Type annotation: `int`, `[int]` as array<int>, `fn(int) -> bool`, `size(1 MiB..1 TiB)`, `one_of(a, b)`, `map<string,
// int>`, `T?` (nullable), `a.b` dotted.
struct TypeRef {
    std::string name;
    std::vector<TypeRef> parameters;  // <…>, and the parameter types of fn
    std::unique_ptr<TypeRef> result;  // of fn
    ExprList arguments;               // (…)
    bool nullable = false;
    Span span;
};

// Exactly one body: block (statements), or nothing for a declared interface (`fn read(port: int) -> int`).
struct Parameter {
    Ident name;
    std::optional<TypeRef> type;
    ExprPtr default_value;  // may be null
    std::string doc = {};   // of a device
};

struct FnBody {
    std::vector<Parameter> parameters;
    std::optional<TypeRef> result;
    StmtList body;
    bool has_body = true;
};

struct Argument {
    std::optional<Ident> name;  // `name = value` or `name: value`
    ExprPtr value;
};

// ---- Expressions
// -------------------------------------------------------------------------------------------------------

struct NullLiteral : Expr {
    NYX_EXPR_NODE(NullLiteral)
};
struct BoolLiteral : Expr {
    NYX_EXPR_NODE(BoolLiteral) bool value = false;
};
// Out-of-range literals were reported. Values above INT64_MAX are allowed up to UINT64_MAX when written in 0x, 0o or
// 0b, and are then the two's-complement bit pattern.
struct IntLiteral : Expr {
    NYX_EXPR_NODE(IntLiteral) std::int64_t value = 0;
};
struct FloatLiteral : Expr {
    NYX_EXPR_NODE(FloatLiteral) double value = 0;
};
// `2 GiB`, `100 ms`, `1 Gbit/s`: number is an IntLiteral or FloatLiteral; the unit is as written.
struct Quantity : Expr {
    NYX_EXPR_NODE(Quantity) ExprPtr number;
    Ident unit;
};
// Escapes are resolved; text is UTF-8.
struct StringLiteral : Expr {
    NYX_EXPR_NODE(StringLiteral) std::string value;
};
// "a ${x:fmt} b": literals has one more element than values; formats (may be empty) go with values.
struct InterpolatedString : Expr {
    NYX_EXPR_NODE(InterpolatedString)
    std::vector<std::string> literals;
    ExprList values;
    std::vector<std::string> formats;
};
struct NameExpr : Expr {
    NYX_EXPR_NODE(NameExpr) std::string name;
};  // also `this` and `self`
struct SuperExpr : Expr {
    NYX_EXPR_NODE(SuperExpr)
};
struct ArrayExpr : Expr {
    NYX_EXPR_NODE(ArrayExpr) ExprList elements;
};
struct TupleExpr : Expr {
    NYX_EXPR_NODE(TupleExpr) ExprList elements;
};
struct MapEntry {
    ExprPtr key;
    ExprPtr value;
};  // a bare key `a: 1` is a StringLiteral "a"
struct MapExpr : Expr {
    NYX_EXPR_NODE(MapExpr) std::vector<MapEntry> entries;
};
// [element for names in iterable if condition]
struct Comprehension : Expr {
    NYX_EXPR_NODE(Comprehension)
    ExprPtr element;
    std::vector<Ident> names;  // one or two
    ExprPtr iterable;
    ExprPtr condition;  // may be null
};

enum class UnaryOp : std::uint8_t { kNegate, kNot, kBitNot };
struct UnaryExpr : Expr {
    NYX_EXPR_NODE(UnaryExpr) UnaryOp op {};
    ExprPtr operand;
};

enum class BinaryOp : std::uint8_t {
    kAdd,
    kSubtract,
    kMultiply,
    kDivide,
    kFloorDivide,
    kModulo,
    kPower,
    kBitAnd,
    kBitOr,
    kBitXor,
    kShiftLeft,
    kShiftRight,
    kEqual,
    kNotEqual,
    kLess,
    kLessEqual,
    kGreater,
    kGreaterEqual,
    kIn,
    kNotIn,
    kAnd,
    kOr,
    kCoalesce,
    kRange,
};
struct BinaryExpr : Expr {
    NYX_EXPR_NODE(BinaryExpr) BinaryOp op {};
    Span op_span;
    ExprPtr left;
    ExprPtr right;
};

struct CallExpr : Expr {
    NYX_EXPR_NODE(CallExpr) ExprPtr callee;
    std::vector<Argument> arguments;
};
struct IndexExpr : Expr {
    NYX_EXPR_NODE(IndexExpr) ExprPtr object;
    ExprPtr index;
};
struct SliceExpr : Expr {
    NYX_EXPR_NODE(SliceExpr) ExprPtr object;
    ExprPtr begin;
    ExprPtr end;
};  // begin, end may be null
struct MemberExpr : Expr {
    NYX_EXPR_NODE(MemberExpr) ExprPtr object;
    Ident member;
    bool optional = false;
};  // a.b, a?.b
struct StepExpr : Expr {
    NYX_EXPR_NODE(StepExpr) ExprPtr target;
    bool increment = true;
};  // i++, i--
struct FnExpr : Expr {
    NYX_EXPR_NODE(FnExpr) FnBody fn;
};
struct ErrorExpr : Expr {
    NYX_EXPR_NODE(ErrorExpr)
};

// ---- Statements
// --------------------------------------------------------------------------------------------------------

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
struct ErrorStmt : Stmt {
    NYX_STMT_NODE(ErrorStmt)
};

#undef NYX_EXPR_NODE
#undef NYX_STMT_NODE

struct Module {
    std::uint32_t file = 0;
    std::string doc;
    StmtList body;
};

// node as a T; the caller has looked at its kind.
template <class T>
const T& as(const Expr& node) {
    NYX_CHECK(node.kind == T::kKind);
    return static_cast<const T&>(node);
}
template <class T>
const T& as(const Stmt& node) {
    NYX_CHECK(node.kind == T::kKind);
    return static_cast<const T&>(node);
}
// node as a T, or null.
template <class T, class Node>
const T* try_as(const Node* node) {
    return node && node->kind == T::kKind ? static_cast<const T*>(node) : nullptr;
}

}  // namespace nyx::ast
