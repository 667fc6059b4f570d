// Statements without blocks.
#include <NyxParser.h>

#include "compiler/syntax/tree_builder.h"

namespace nyx::syntax {

using antlr4::tree::TerminalNode;
using diagnostics::Code;

ast::StmtPtr TreeBuilder::let(P::LetStatementContext* ctx) {
    auto node = std::make_unique<ast::LetStmt>(span(ctx));
    node->binding = ctx->CONST() ? ast::LetKind::kConst : ctx->MUT() ? ast::LetKind::kLetMut : ast::LetKind::kLet;
    node->names = idents(ctx->name());
    node->type = optional_type(ctx->type());
    if (ctx->expression()) node->value = expression(ctx->expression());
    if (ctx->exception && !node->value) node->value = error_expr(ctx);
    if (node->names.empty()) return nullptr;
    return node;
}

ast::StmtPtr TreeBuilder::expression_statement(P::ExpressionStatementContext* ctx) {
    auto parts = ctx->expressionList();
    if (parts.empty()) return nullptr;
    ast::ExprPtr first = expression_list(parts[0]);
    if (ctx->ASSIGN() || ctx->COMPOUND_ASSIGN()) {
        ast::ExprPtr value = parts.size() > 1 ? expression_list(parts[1]) : error_expr(ctx);
        return assignment(ctx, std::move(first), ctx->COMPOUND_ASSIGN(), std::move(value));
    }
    if (first->kind == ast::ExprKind::kErrorExpr) return nullptr;
    auto node = std::make_unique<ast::ExprStmt>(span(ctx));
    node->expr = std::move(first);
    return node;
}

ast::StmtPtr TreeBuilder::assignment(Context* place, ast::ExprPtr target, TerminalNode* compound, ast::ExprPtr value) {
    auto node = std::make_unique<ast::AssignStmt>(span(place));
    check_target(*target, compound == nullptr);
    if (compound) {
        std::string_view op = text(span(compound));
        node->op = binary_op(op.substr(0, op.size() - 1));
    }
    node->target = std::move(target);
    node->value = std::move(value);
    return node;
}

void TreeBuilder::check_target(const ast::Expr& target, bool may_unpack) {
    switch (target.kind) {
        case ast::ExprKind::kNameExpr:
        case ast::ExprKind::kMemberExpr:
        case ast::ExprKind::kIndexExpr:
        case ast::ExprKind::kErrorExpr:
            return;
        case ast::ExprKind::kTupleExpr:
            if (!may_unpack) break;
            for (const auto& element : ast::as<ast::TupleExpr>(target).elements) check_target(*element, true);
            return;
        default:
            break;
    }
    bool unpacks = target.kind == ast::ExprKind::kTupleExpr;
    auto& finding =
        sink_.report(Code::kNotAssignable, target.span, "only a name, a member or an element can be assigned to",
                     unpacks ? "these are several places" : "this is a value, not a place for one");
    if (unpacks) finding.help("write one statement for each of them");
}

ast::StmtPtr TreeBuilder::jump(P::JumpStatementContext* ctx) {
    if (ctx->BREAK()) return std::make_unique<ast::BreakStmt>(span(ctx));
    if (ctx->CONTINUE()) return std::make_unique<ast::ContinueStmt>(span(ctx));
    if (ctx->THROW()) {
        auto node = std::make_unique<ast::ThrowStmt>(span(ctx));
        node->value = expression(ctx->expression());
        return node;
    }
    auto node = std::make_unique<ast::ReturnStmt>(span(ctx));
    if (ctx->expressionList()) node->value = expression_list(ctx->expressionList());
    return node;
}

ast::StmtPtr TreeBuilder::assert_statement(P::AssertStatementContext* ctx) {
    auto node = std::make_unique<ast::AssertStmt>(span(ctx));
    auto parts = ctx->expression();
    node->condition = parts.empty() ? error_expr(ctx) : expression(parts[0]);
    if (parts.size() > 1) node->message = expression(parts[1]);
    // `assert(condition, message)` reads as a tuple, which would always hold.
    auto* both = dynamic_cast<ast::TupleExpr*>(node->condition.get());
    if (both && !node->message && both->elements.size() == 2) {
        node->message = std::move(both->elements[1]);
        ast::ExprPtr condition = std::move(both->elements[0]);
        node->condition = std::move(condition);
    }
    return node;
}

}  // namespace nyx::syntax
