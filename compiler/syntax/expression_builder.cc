#include <NyxParser.h>
#include <fmt/format.h>

#include "compiler/syntax/literals.h"
#include "compiler/syntax/operators.h"
#include "compiler/syntax/tree_builder.h"

namespace nyx::syntax {

using antlr4::tree::TerminalNode;
using diagnostics::Code;

namespace {

std::size_t type_of(TerminalNode* node) {
    return node->getSymbol()->getType();
}

TerminalNode* first_terminal(antlr4::ParserRuleContext* ctx) {
    return ctx->children.empty() ? nullptr : dynamic_cast<TerminalNode*>(ctx->children.front());
}

ast::UnaryOp prefix_of(std::size_t type) {
    if (type == grammar::NyxParser::MINUS) return ast::UnaryOp::kNegate;
    return type == grammar::NyxParser::TILDE ? ast::UnaryOp::kBitNot : ast::UnaryOp::kNot;
}

// At most so many nodes stand above one another in this chain: every operator, and one operand with its calls.
std::size_t levels_of(const std::vector<grammar::NyxParser::UnaryContext*>& operands) {
    std::size_t operators = operands.size() - 1, most_suffixes = 0;
    for (auto* unary : operands) {
        std::size_t suffixes = unary->suffix().size();
        operators += unary->children.size() - suffixes - (unary->primary() ? 1 : 0);
        most_suffixes = std::max(most_suffixes, suffixes);
    }
    return operators + most_suffixes + 1;
}

}  // namespace

bool TreeBuilder::too_deep(int levels, Span place) {
    if (depth_ + levels <= ast::kMaxDepth) return false;
    if (!said_too_deep_) {
        sink_
            .report(Code::kTooDeep, place, "this is nested too deeply, or strings together too many operators or calls")
            .note(fmt::format("a tree of at most {} levels can be compiled", ast::kMaxDepth))
            .help("give parts of it names of their own: `let part = …`");
    }
    said_too_deep_ = true;
    return true;
}

ast::ExprPtr TreeBuilder::error_expr(Context* near) {
    return std::make_unique<ast::ErrorExpr>(near ? span(near) : Span{file_, 0, 0});
}

ast::ExprPtr TreeBuilder::expression(P::ExpressionContext* ctx) {
    if (!ctx || ctx->exception) return error_expr(ctx);
    std::vector<P::UnaryContext*> operands = ctx->unary();
    std::vector<P::BinaryOperatorContext*> operators = ctx->binaryOperator();
    if (operands.empty() || operators.size() + 1 != operands.size()) return error_expr(ctx);
    std::size_t levels = levels_of(operands);
    if (levels > ast::kMaxDepth || too_deep(static_cast<int>(levels), span(ctx))) {
        too_deep(ast::kMaxDepth + 1, span(ctx));
        return error_expr(ctx);
    }
    Deeper deeper(*this, static_cast<int>(levels));
    std::vector<Item> items;
    items.reserve(2 * operands.size());
    for (std::size_t i = 0; i < operands.size(); ++i) {
        if (i > 0) items.push_back(binary_item(operators[i - 1]));
        for (auto* child : operands[i]->children) {
            auto* prefix = dynamic_cast<TerminalNode*>(child);
            if (prefix) items.push_back({Item::Kind::kPrefix, nullptr, prefix_of(type_of(prefix)), {}, span(prefix)});
        }
        items.push_back({Item::Kind::kOperand, operand(operands[i]), {}, {}, {}});
    }
    return resolve(items);
}

// `not in` and `> >` are the operators of two tokens.
Item TreeBuilder::binary_item(P::BinaryOperatorContext* ctx) {
    Span place = span(ctx);
    Item item{Item::Kind::kBinary, nullptr, {}, ast::BinaryOp::kNotIn, place};
    if (ctx->children.size() < 2) {
        item.binary = binary_op(text(place)).value_or(ast::BinaryOp::kAdd);
    } else if (!ctx->NOT()) {
        item.binary = ast::BinaryOp::kShiftRight;
        bool apart = place.end - place.begin != 2;
        if (apart)
            sink_.report(Code::kSyntax, place, "expected a value between `>` and `>`")
                .help("the shift is written `>>`");
    }
    return item;
}

ast::ExprPtr TreeBuilder::operand(P::UnaryContext* ctx) {
    ast::ExprPtr object = primary(ctx->primary());
    for (P::SuffixContext* part : ctx->suffix()) object = suffix(part, std::move(object));
    return object;
}

ast::ExprPtr TreeBuilder::expression_list(P::ExpressionListContext* ctx) {
    if (!ctx) return error_expr(nullptr);
    auto list = ctx->expression();
    if (list.empty()) return error_expr(ctx);
    if (list.size() == 1) return expression(list[0]);
    auto node = std::make_unique<ast::TupleExpr>(span(ctx));
    node->elements = expressions(list);
    return node;
}

ast::ExprList TreeBuilder::expressions(const std::vector<P::ExpressionContext*>& list) {
    ast::ExprList out;
    out.reserve(list.size());
    for (auto* ctx : list) out.push_back(expression(ctx));
    return out;
}

ast::ExprPtr TreeBuilder::suffix(P::SuffixContext* ctx, ast::ExprPtr object) {
    Span whole = join(object->span, span(ctx));
    if (auto* call = ctx->arguments()) {
        auto node = std::make_unique<ast::CallExpr>(whole);
        node->callee = std::move(object);
        node->arguments = arguments(call);
        return node;
    }
    if (auto* index = ctx->subscript()) return subscript(index, std::move(object));
    if (ctx->INCREMENT() || ctx->DECREMENT()) {
        auto node = std::make_unique<ast::StepExpr>(whole);
        node->target = std::move(object);
        node->increment = ctx->INCREMENT() != nullptr;
        check_target(*node->target, false);
        return node;
    }
    auto node = std::make_unique<ast::MemberExpr>(whole);
    node->object = std::move(object);
    node->optional = ctx->OPTIONAL_DOT() != nullptr;
    if (!ctx->IDENTIFIER()) return error_expr(ctx);
    node->member = ident(ctx->IDENTIFIER());
    return node;
}

ast::ExprPtr TreeBuilder::subscript(P::SubscriptContext* ctx, ast::ExprPtr object) {
    Span whole = join(object->span, span(ctx));
    auto parts = ctx->expression();
    if (!ctx->COLON()) {
        auto node = std::make_unique<ast::IndexExpr>(whole);
        node->object = std::move(object);
        node->index = parts.empty() ? error_expr(ctx) : expression(parts[0]);
        return node;
    }
    auto node = std::make_unique<ast::SliceExpr>(whole);
    node->object = std::move(object);
    std::size_t colon = ctx->COLON()->getSymbol()->getTokenIndex();
    for (auto* part : parts) {
        bool first = part->getStart()->getTokenIndex() < colon;
        (first ? node->begin : node->end) = expression(part);
    }
    return node;
}

std::vector<ast::Argument> TreeBuilder::arguments(P::ArgumentsContext* ctx) {
    std::vector<ast::Argument> out;
    for (auto* item : ctx->argument()) {
        ast::Argument argument;
        if (item->ASSIGN() || item->COLON()) argument.name = ident(item->IDENTIFIER());
        argument.value = item->expression() ? expression(item->expression()) : error_expr(item);
        out.push_back(std::move(argument));
    }
    return out;
}

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
