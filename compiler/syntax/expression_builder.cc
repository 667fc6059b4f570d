#include <NyxParser.h>
#include <fmt/format.h>

#include "compiler/syntax/operators.h"
#include "compiler/syntax/tree_builder.h"

namespace nyx::syntax {

using antlr4::tree::TerminalNode;
using diagnostics::Code;

namespace {

std::size_t type_of(TerminalNode* node) {
    return node->getSymbol()->getType();
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

}  // namespace nyx::syntax
