// Whether two trees are one: every node, every member, every place.
#pragma once

#include <algorithm>

#include "compiler/syntax/ast_members.h"

namespace nyx::syntax {

class SameTree {
  public:
    static bool of(const ast::Module& a, const ast::Module& b) {
        return a.file == b.file && a.doc == b.doc && same(a.body, b.body);
    }

  private:
    template <class T>
    static bool same(const T& a, const T& b) {
        if constexpr (ast::HasMembers<T>) {
            return members_same(a, b);
        } else {
            return a == b;
        }
    }
    template <class T>
    static bool same(const std::vector<T>& a, const std::vector<T>& b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const T& x, const T& y) { return same(x, y); });
    }
    template <class T>
    static bool same(const std::optional<T>& a, const std::optional<T>& b) {
        return a.has_value() == b.has_value() && (!a || same(*a, *b));
    }
    template <class T>
    static bool same(const std::unique_ptr<T>& a, const std::unique_ptr<T>& b) {
        return (a == nullptr) == (b == nullptr) && (!a || node(*a, *b));
    }
    static bool node(const ast::TypeRef& a, const ast::TypeRef& b) { return same(a, b); }
    static bool node(const ast::Expr& a, const ast::Expr& b) {
        if (a.kind != b.kind || a.span != b.span) return false;
        switch (a.kind) {
#define NYX_EXPR(name)           \
    case ast::ExprKind::k##name: \
        return members_same(ast::as<ast::name>(a), ast::as<ast::name>(b));
#include "compiler/syntax/ast_kinds.def"
        }
        return false;
    }
    static bool node(const ast::Stmt& a, const ast::Stmt& b) {
        if (a.kind != b.kind || a.span != b.span) return false;
        switch (a.kind) {
#define NYX_STMT(name)           \
    case ast::StmtKind::k##name: \
        return statement_same(ast::as<ast::name>(a), ast::as<ast::name>(b));
#include "compiler/syntax/ast_kinds.def"
        }
        return false;
    }
    // One without members that are known is never copied.
    template <class T>
    static bool statement_same(const T& a, const T& b) {
        if constexpr (ast::HasMembers<T>) return members_same(a, b);
        return true;
    }
    template <class T>
    static bool members_same(const T& a, const T& b) {
        return std::apply(
            [&](const auto&... left) {
                return std::apply([&](const auto&... right) { return (same(left, right) && ...); }, ast::members(b));
            },
            ast::members(a));
    }
};

}  // namespace nyx::syntax
