// What stands alone in an expression: names, literals, and what is in brackets.
#include <NyxParser.h>

#include "compiler/syntax/literals.h"
#include "compiler/syntax/tree_builder.h"

namespace nyx::syntax {

using antlr4::tree::TerminalNode;

namespace {

std::size_t type_of(TerminalNode* node) {
    return node->getSymbol()->getType();
}

TerminalNode* first_terminal(antlr4::ParserRuleContext* ctx) {
    return ctx->children.empty() ? nullptr : dynamic_cast<TerminalNode*>(ctx->children.front());
}

}  // namespace

ast::ExprPtr TreeBuilder::primary(P::PrimaryContext* ctx) {
    if (!ctx || ctx->children.empty() || ctx->exception) return error_expr(ctx);
    if (auto* node = ctx->templateString()) return template_string(node);
    if (auto* node = ctx->tuple()) return tuple(node);
    if (auto* node = ctx->array()) return array(node);
    if (auto* node = ctx->map()) return map(node);
    if (auto* node = ctx->fnExpression()) {
        auto function = std::make_unique<ast::FnExpr>(span(ctx));
        function->fn = fn_body(node->parameters(), node->type(), node->block());
        return function;
    }
    TerminalNode* node = first_terminal(ctx);
    if (!node) return error_expr(ctx);
    Span place = span(node);
    switch (type_of(node)) {
        case P::IDENTIFIER: {
            auto name = std::make_unique<ast::NameExpr>(place);
            name->name = text(place);
            return name;
        }
        case P::SUPER:
            return std::make_unique<ast::SuperExpr>(place);
        case P::NULL_:
            return std::make_unique<ast::NullLiteral>(place);
        case P::TRUE:
        case P::FALSE: {
            auto value = std::make_unique<ast::BoolLiteral>(place);
            value->value = type_of(node) == P::TRUE;
            return value;
        }
        case P::INTEGER:
        case P::FLOAT:
            return number(ctx);
        case P::STRING:
            return string(node, 1);
        case P::TRIPLE_STRING:
            return string(node, 3);
        default:
            return error_expr(ctx);
    }
}

ast::ExprPtr TreeBuilder::number(P::PrimaryContext* ctx) {
    ast::ExprPtr value;
    Span place = span(first_terminal(ctx));
    if (ctx->INTEGER()) {
        value = integer(ctx->INTEGER());
    } else {
        auto node = std::make_unique<ast::FloatLiteral>(place);
        node->value = parse_float(text(place)).value_or(0);
        value = std::move(node);
    }
    if (!ctx->UNIT()) return value;
    auto quantity = std::make_unique<ast::Quantity>(span(ctx));
    quantity->number = std::move(value);
    quantity->unit = ident(ctx->UNIT());
    return quantity;
}

ast::ExprPtr TreeBuilder::integer(TerminalNode* node) {
    auto literal = std::make_unique<ast::IntLiteral>(span(node));
    literal->value = parse_integer(text(literal->span)).value;
    return literal;
}

ast::ExprPtr TreeBuilder::string(TerminalNode* node, std::uint32_t quote) {
    Span place = span(node);
    auto literal = std::make_unique<ast::StringLiteral>(place);
    literal->value = unescape(text({file_, place.begin + quote, place.end - quote}), nullptr);
    return literal;
}

ast::ExprPtr TreeBuilder::template_string(P::TemplateStringContext* ctx) {
    auto node = std::make_unique<ast::InterpolatedString>(span(ctx));
    std::string literal;
    for (auto* child : ctx->children) {
        if (auto* terminal = dynamic_cast<TerminalNode*>(child)) {
            if (type_of(terminal) == P::TEMPLATE_TEXT) literal += unescape(text(span(terminal)), nullptr);
        } else if (auto* part = dynamic_cast<P::InterpolationContext*>(child)) {
            node->literals.push_back(std::exchange(literal, {}));
            node->values.push_back(part->expression() ? expression(part->expression()) : error_expr(part));
            node->formats.emplace_back(part->FORMAT_TEXT() ? text(span(part->FORMAT_TEXT())) : std::string_view());
        }
    }
    if (node->values.empty()) {
        auto plain = std::make_unique<ast::StringLiteral>(node->span);
        plain->value = std::move(literal);
        return plain;
    }
    node->literals.push_back(std::move(literal));
    return node;
}

// `(a)` is a, `(a,)` and `(a, b)` are tuples.
ast::ExprPtr TreeBuilder::tuple(P::TupleContext* ctx) {
    auto list = ctx->expression();
    if (list.size() == 1 && ctx->COMMA().empty()) {
        ast::ExprPtr inner = expression(list[0]);
        inner->span = span(ctx);
        return inner;
    }
    auto node = std::make_unique<ast::TupleExpr>(span(ctx));
    node->elements = expressions(list);
    return node;
}

ast::ExprPtr TreeBuilder::array(P::ArrayContext* ctx) {
    auto list = ctx->expression();
    Deeper deeper(*this, 1);
    auto* loop = ctx->comprehension();
    if (!loop) {
        auto node = std::make_unique<ast::ArrayExpr>(span(ctx));
        node->elements = expressions(list);
        return node;
    }
    auto node = std::make_unique<ast::Comprehension>(span(ctx));
    node->element = list.empty() ? error_expr(ctx) : expression(list[0]);
    if (loop->forNames()) node->names = idents(loop->forNames()->name());
    auto parts = loop->expression();
    node->iterable = parts.empty() ? error_expr(loop) : expression(parts[0]);
    if (parts.size() > 1) node->condition = expression(parts[1]);
    return node;
}

ast::ExprPtr TreeBuilder::map(P::MapContext* ctx) {
    auto node = std::make_unique<ast::MapExpr>(span(ctx));
    Deeper deeper(*this, 1);
    for (auto* item : ctx->mapEntry()) {
        auto parts = item->expression();
        if (parts.size() != 2) continue;
        ast::ExprPtr key = expression(parts[0]);
        auto* name = dynamic_cast<ast::NameExpr*>(key.get());
        bool bare = name && name->name.size() == key->span.end - key->span.begin;
        if (bare) {
            auto literal = std::make_unique<ast::StringLiteral>(key->span);
            literal->value = name->name;
            key = std::move(literal);
        }
        node->entries.push_back({std::move(key), expression(parts[1])});
    }
    return node;
}

}  // namespace nyx::syntax
