// Expressions and types of the syntax tree (ast.h).
#pragma once

#include "compiler/syntax/ast_node.h"

namespace nyx::ast {

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

}  // namespace nyx::ast
