// Statements with blocks: conditions, loops, `switch`, `try`.
#include <NyxParser.h>

#include "compiler/syntax/tree_builder.h"

namespace nyx::syntax {

using diagnostics::Code;

// `else if` is a chain in the grammar and a nesting here; it is built from its end.
ast::StmtPtr TreeBuilder::if_statement(P::IfStatementContext* ctx) {
    auto conditions = ctx->expression();
    auto blocks = ctx->block();
    int levels = static_cast<int>(std::min<std::size_t>(conditions.size(), ast::kMaxDepth + 1));
    if (conditions.empty() || too_deep(levels, span(ctx))) return nullptr;
    Deeper deeper(*this, levels);
    ast::StmtList otherwise;
    if (blocks.size() > conditions.size()) otherwise = block(blocks.back());
    for (std::size_t i = conditions.size(); i-- > 0;) {
        auto node = std::make_unique<ast::IfStmt>(i == 0 ? span(ctx) : join(span(conditions[i]), span(ctx)));
        node->condition = expression(conditions[i]);
        if (i < blocks.size()) node->then_body = block(blocks[i]);
        node->else_body = std::move(otherwise);
        otherwise = ast::StmtList();
        otherwise.push_back(std::move(node));
    }
    return std::move(otherwise.front());
}

ast::StmtPtr TreeBuilder::while_statement(P::WhileStatementContext* ctx) {
    auto node = std::make_unique<ast::WhileStmt>(span(ctx));
    node->condition = expression(ctx->expression());
    node->body = block(ctx->block());
    return node;
}

ast::StmtPtr TreeBuilder::for_statement(P::ForStatementContext* ctx) {
    auto* steps = ctx->forSteps();
    if (!steps) return for_in(ctx);
    auto node = std::make_unique<ast::ForStmt>(span(ctx));
    auto* init = steps->forInit();
    if (init) node->init = init->letStatement() ? let(init->letStatement()) : step(init->step());
    if (steps->expression()) node->condition = expression(steps->expression());
    if (steps->forStep()) node->step = step(steps->forStep()->step());
    node->body = block(ctx->block());
    return node;
}

ast::StmtPtr TreeBuilder::for_in(P::ForStatementContext* ctx) {
    if (!ctx->forNames()) return nullptr;
    auto node = std::make_unique<ast::ForInStmt>(span(ctx));
    node->names = idents(ctx->forNames()->name());
    node->iterable = ctx->expression() ? expression(ctx->expression()) : error_expr(ctx);
    node->body = block(ctx->block());
    if (node->names.empty()) return nullptr;
    return node;
}

// A part of `for (…; …; …)`.
ast::StmtPtr TreeBuilder::step(P::StepContext* ctx) {
    if (!ctx || !ctx->unary()) return nullptr;
    ast::ExprPtr target = operand(ctx->unary());
    if (ctx->ASSIGN() || ctx->COMPOUND_ASSIGN()) {
        return assignment(ctx, std::move(target), ctx->COMPOUND_ASSIGN(), expression(ctx->expression()));
    }
    auto node = std::make_unique<ast::ExprStmt>(span(ctx));
    node->expr = std::move(target);
    return node;
}

ast::StmtPtr TreeBuilder::switch_statement(P::SwitchStatementContext* ctx) {
    auto node = std::make_unique<ast::SwitchStmt>(span(ctx));
    node->subject = expression(ctx->expression());
    for (auto* item : ctx->switchCase()) {
        ast::SwitchCase one;
        if (item->expressionList()) one.values = expressions(item->expressionList()->expression());
        one.body = item->block() ? block(item->block()) : statements(item->statement());
        one.span = span(item);
        node->cases.push_back(std::move(one));
    }
    return node;
}

ast::StmtPtr TreeBuilder::try_statement(P::TryStatementContext* ctx) {
    auto node = std::make_unique<ast::TryStmt>(span(ctx));
    auto blocks = ctx->block();
    std::size_t next = 0;
    auto take = [&] { return next < blocks.size() ? block(blocks[next++]) : ast::StmtList(); };
    node->body = take();
    node->has_catch = ctx->CATCH() != nullptr;
    if (ctx->name()) node->catch_name = ident(ctx->name());
    if (node->has_catch) node->catch_body = take();
    if (ctx->FINALLY()) node->finally_body = take();
    bool handles = node->has_catch || ctx->FINALLY();
    if (!handles && !ctx->exception) {
        Span word = span(ctx->TRY());
        sink_.report(Code::kSyntax, word, "this `try` has neither `catch` nor `finally`")
            .help("add `catch (error) { … }`");
    }
    return node;
}

}  // namespace nyx::syntax
