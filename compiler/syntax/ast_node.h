// What every node of the syntax tree is (ast.h), and how one is told from others.
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

// The head of a node's struct. Without a namespace, for the preprocessor knows none.
#define NYX_EXPR_NODE(name)                              \
    static constexpr ExprKind kKind = ExprKind::k##name; \
    explicit name(Span s) : Expr(kKind, s) {}
#define NYX_STMT_NODE(name)                              \
    static constexpr StmtKind kKind = StmtKind::k##name; \
    explicit name(Span s) : Stmt(kKind, s) {}
