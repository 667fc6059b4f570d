// `a.b(c)[d]` as a chain, from its last link to what it begins with.
#pragma once

#include "compiler/syntax/ast.h"

namespace nyx::lower {

inline bool is_chain(const ast::Expr& node) {
    return node.kind == ast::ExprKind::kMemberExpr || node.kind == ast::ExprKind::kCallExpr ||
           node.kind == ast::ExprKind::kIndexExpr || node.kind == ast::ExprKind::kSliceExpr;
}

inline const ast::Expr* chain_object(const ast::Expr& node) {
    if (const auto* member = ast::try_as<ast::MemberExpr>(&node)) return member->object.get();
    if (const auto* call = ast::try_as<ast::CallExpr>(&node)) return call->callee.get();
    if (const auto* index = ast::try_as<ast::IndexExpr>(&node)) return index->object.get();
    if (const auto* slice = ast::try_as<ast::SliceExpr>(&node)) return slice->object.get();
    return nullptr;
}

// a?.b.c(d): somewhere in the chain is a `?.`.
inline bool has_optional(const ast::Expr& node) {
    for (const ast::Expr* at = &node; at && is_chain(*at); at = chain_object(*at)) {
        const auto* member = ast::try_as<ast::MemberExpr>(at);
        if (member && member->optional) return true;
    }
    return false;
}

}  // namespace nyx::lower
