#include <NyxParser.h>

#include "compiler/syntax/literals.h"
#include "compiler/syntax/moved_copy.h"
#include "compiler/syntax/token.h"
#include "compiler/syntax/tree_builder.h"

namespace nyx::syntax {

using antlr4::tree::TerminalNode;
using diagnostics::Code;

// ---- Small parts

Span TreeBuilder::span(Context* ctx) const {
    antlr4::Token* start = ctx->getStart();
    antlr4::Token* stop = ctx->getStop();
    if (!start) return {file_, 0, 0};
    auto begin = static_cast<std::uint32_t>(start->getStartIndex());
    bool whole = stop && stop->getTokenIndex() >= start->getTokenIndex();
    return {file_, begin, static_cast<std::uint32_t>(whole ? stop->getStopIndex() : start->getStopIndex())};
}

Span TreeBuilder::span(TerminalNode* node) const {
    antlr4::Token* token = node->getSymbol();
    return {file_, static_cast<std::uint32_t>(token->getStartIndex()),
            static_cast<std::uint32_t>(token->getStopIndex())};
}

ast::Ident TreeBuilder::ident(TerminalNode* node) {
    Span place = span(node);
    return {std::string(text(place)), place};
}

ast::Ident TreeBuilder::ident(P::NameContext* ctx) {
    if (!ctx) return {};
    // A keyword that was taken for a name (and reported) is a child as well.
    for (auto* child : ctx->children) {
        auto* node = dynamic_cast<TerminalNode*>(child);
        bool real = node && node->getSymbol()->getTokenIndex() != SyntaxToken::kNoPartner;
        if (real) return ident(node);
    }
    return {};
}

ast::Ident TreeBuilder::ident(P::DottedNameContext* ctx) {
    Span place = span(ctx);
    std::string dotted;
    for (auto* part : ctx->name()) dotted += (dotted.empty() ? "" : ".") + ident(part).text;
    return {std::move(dotted), place};
}

std::vector<ast::Ident> TreeBuilder::idents(const std::vector<P::NameContext*>& list) {
    std::vector<ast::Ident> out;
    for (auto* ctx : list) {
        if (ast::Ident name = ident(ctx); !name.text.empty()) out.push_back(std::move(name));
    }
    return out;
}

std::string take_doc(ast::StmtList& body, std::string_view text) {
    const auto* first = body.empty() ? nullptr : ast::try_as<ast::ExprStmt>(body.front().get());
    const auto* literal = first ? ast::try_as<ast::StringLiteral>(first->expr.get()) : nullptr;
    if (!literal || text.substr(literal->span.begin, 3) != R"(""")") return {};
    std::string doc = dedent(literal->value);
    body.erase(body.begin());
    return doc;
}

std::string TreeBuilder::doc_of(TerminalNode* node) {
    Span place = span(node);
    return dedent(unescape(text({file_, place.begin + 3, place.end - 3}), nullptr));
}

// ---- Statements

ast::StmtPtr TreeBuilder::statement(P::StatementContext* ctx) {
    if (depth_ == 0) said_too_deep_ = false;
    if (too_deep(1, span(ctx))) return std::make_unique<ast::ErrorStmt>(span(ctx));
    Deeper deeper(*this, 1);
    ast::StmtPtr node = statement_kind(ctx);
    return node ? std::move(node) : wrong_statement(ctx);
}

ast::StmtPtr TreeBuilder::wrong_statement(P::StatementContext* ctx) {
    return std::make_unique<ast::ErrorStmt>(span(ctx));
}

ast::StmtPtr TreeBuilder::known_statement(TerminalNode* node) const {
    const KnownStatement& known = known_.at(static_cast<std::uint32_t>(node->getSymbol()->getTokenIndex()));
    return moved_copy(*known.node, known.moved);
}

ast::StmtPtr TreeBuilder::statement_kind(P::StatementContext* ctx) {
    if (auto* known = ctx->KNOWN_STATEMENT()) return known_statement(known);
    if (auto* c = ctx->expressionStatement()) return expression_statement(c);
    if (auto* c = ctx->letStatement()) return let(c);
    if (auto* c = ctx->ifStatement()) return if_statement(c);
    if (auto* c = ctx->whileStatement()) return while_statement(c);
    if (auto* c = ctx->forStatement()) return for_statement(c);
    if (auto* c = ctx->switchStatement()) return switch_statement(c);
    if (auto* c = ctx->matchStatement()) return match_statement(c);
    if (auto* c = ctx->jumpStatement()) return jump(c);
    if (auto* c = ctx->tryStatement()) return try_statement(c);
    if (auto* c = ctx->assertStatement()) return assert_statement(c);
    if (ctx->PASS()) return std::make_unique<ast::PassStmt>(span(ctx->PASS()));
    if (auto* c = ctx->fnDeclaration()) return function(c);
    if (auto* c = ctx->classDeclaration()) return class_declaration(c);
    if (auto* c = ctx->moduleDeclaration()) return module(c);
    if (auto* c = ctx->importStatement()) return import_statement(c);
    if (auto* c = ctx->typeAlias()) return type_alias(c);
    if (auto* c = ctx->machineDeclaration()) return machine(c);
    if (auto* c = ctx->schemaDeclaration()) return schema(c);
    if (auto* c = ctx->deviceDeclaration()) return device_declaration(c);
    if (auto* c = ctx->emitStatement()) return emit(c);
    if (auto* c = ctx->deviceStatement()) return device(c);
    if (auto* c = ctx->requireStatement()) return require(c);
    if (auto* c = ctx->onStatement()) return on(c);
    if (auto* c = ctx->testStatement()) return test(c);
    if (auto* c = ctx->recoverStatement()) return recover(c);
    if (!ctx->block() || ctx->exception) return nullptr;
    auto node = std::make_unique<ast::BlockStmt>(span(ctx->block()));
    node->body = block(ctx->block());
    return node;
}

ast::StmtList TreeBuilder::block(P::BlockContext* ctx) {
    return ctx ? statements(ctx->statement()) : ast::StmtList();
}

ast::StmtList TreeBuilder::statements(const std::vector<P::StatementContext*>& list) {
    ast::StmtList out;
    out.reserve(list.size());
    for (auto* ctx : list) out.push_back(statement(ctx));
    return out;
}

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

ast::StmtPtr TreeBuilder::match_statement(P::MatchStatementContext* ctx) {
    auto node = std::make_unique<ast::MatchStmt>(span(ctx));
    node->subject = expression(ctx->expression());
    for (auto* arm : ctx->matchArm()) node->arms.push_back(match_arm(arm));
    return node;
}

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

}  // namespace

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
    if (ctx->RETURN()) {
        auto node = std::make_unique<ast::ReturnStmt>(span(ctx));
        node->value = std::move(value);
        return node;
    }
    if (!value) return nullptr;
    if (ctx->THROW()) {
        auto node = std::make_unique<ast::ThrowStmt>(span(ctx));
        node->value = std::move(value);
        return node;
    }
    if (ctx->ASSIGN() || ctx->COMPOUND_ASSIGN()) {
        ast::ExprPtr right = values.size() > 1 ? expression(values[1]) : error_expr(ctx);
        return assignment(ctx, std::move(value), ctx->COMPOUND_ASSIGN(), std::move(right));
    }
    auto node = std::make_unique<ast::ExprStmt>(span(ctx));
    node->expr = std::move(value);
    return node;
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
