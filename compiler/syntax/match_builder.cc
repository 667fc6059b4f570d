// `match`: its arms and their patterns.
#include <NyxParser.h>

#include "compiler/syntax/tree_builder.h"

namespace nyx::syntax {

namespace {

// `1 | 2 | 3` was read as an expression; here each side is a pattern. A chain of operators is built to the left.
void split_patterns(ast::ExprPtr expr, ast::ExprList& out) {
    std::vector<ast::ExprPtr> reversed;
    while (expr && expr->kind == ast::ExprKind::kBinaryExpr) {
        auto& binary = static_cast<ast::BinaryExpr&>(*expr);
        if (binary.op != ast::BinaryOp::kBitOr) break;
        reversed.push_back(std::move(binary.right));
        ast::ExprPtr left = std::move(binary.left);
        expr = std::move(left);
    }
    out.push_back(std::move(expr));
    for (auto it = reversed.rbegin(); it != reversed.rend(); ++it) out.push_back(std::move(*it));
}

template <class Node>
ast::StmtPtr with_value(Span place, ast::ExprPtr value) {
    auto node = std::make_unique<Node>(place);
    node->value = std::move(value);
    return node;
}

}  // namespace

ast::StmtPtr TreeBuilder::match_statement(P::MatchStatementContext* ctx) {
    auto node = std::make_unique<ast::MatchStmt>(span(ctx));
    node->subject = expression(ctx->expression());
    for (auto* arm : ctx->matchArm()) node->arms.push_back(match_arm(arm));
    return node;
}

ast::MatchArm TreeBuilder::match_arm(P::MatchArmContext* ctx) {
    ast::MatchArm arm;
    arm.span = span(ctx);
    auto parts = ctx->expression();
    if (!parts.empty()) split_patterns(expression(parts[0]), arm.patterns);
    if (parts.size() > 1) arm.guard = expression(parts[1]);
    const auto* name = arm.patterns.size() == 1 ? ast::try_as<ast::NameExpr>(arm.patterns[0].get()) : nullptr;
    if (name && name->name == "_") arm.patterns.clear();
    auto* body = ctx->armBody();
    if (!body) return arm;
    if (body->block()) {
        arm.body = block(body->block());
        return arm;
    }
    ast::StmtPtr only = arm_statement(body);
    arm.body.push_back(only ? std::move(only) : std::make_unique<ast::ErrorStmt>(span(body)));
    return arm;
}

ast::StmtPtr TreeBuilder::arm_statement(P::ArmBodyContext* ctx) {
    if (ctx->BREAK()) return std::make_unique<ast::BreakStmt>(span(ctx));
    if (ctx->CONTINUE()) return std::make_unique<ast::ContinueStmt>(span(ctx));
    if (ctx->PASS()) return std::make_unique<ast::PassStmt>(span(ctx));
    auto values = ctx->expression();
    ast::ExprPtr value = values.empty() ? nullptr : expression(values[0]);
    if (ctx->RETURN()) return with_value<ast::ReturnStmt>(span(ctx), std::move(value));
    if (!value) return nullptr;
    if (ctx->THROW()) return with_value<ast::ThrowStmt>(span(ctx), std::move(value));
    if (ctx->ASSIGN() || ctx->COMPOUND_ASSIGN()) {
        ast::ExprPtr right = values.size() > 1 ? expression(values[1]) : error_expr(ctx);
        return assignment(ctx, std::move(value), ctx->COMPOUND_ASSIGN(), std::move(right));
    }
    auto node = std::make_unique<ast::ExprStmt>(span(ctx));
    node->expr = std::move(value);
    return node;
}

}  // namespace nyx::syntax
