// Banks of a device and the registers in them.
#include <NyxParser.h>

#include "compiler/syntax/ast_device.h"
#include "compiler/syntax/tree_builder.h"

namespace nyx::syntax {

ast::ItemPtr TreeBuilder::bank_item(P::BankItemContext* ctx) {
    auto node = std::make_unique<ast::BankItem>(span(ctx));
    auto names = ctx->name();
    if (names.size() < 2 || !ctx->expression()) return nullptr;
    node->name = ident(names[0]);
    node->space = ident(names[1]);
    node->at = expression(ctx->expression());
    for (auto* option : ctx->bankOption()) {
        if (option->IDENTIFIER()) {
            node->options.push_back({ident(option->IDENTIFIER()), {}});
            node->options.back().values.push_back(expression(option->expression()));
        } else if (option->INTEGER() && !node->options.empty()) {
            node->options.back().values.push_back(integer(option->INTEGER()));
        }
    }
    node->items = device_items(ctx->deviceBody(), node->doc);
    return node;
}

ast::ItemPtr TreeBuilder::reg_item(P::RegItemContext* ctx) {
    auto node = std::make_unique<ast::RegItem>(span(ctx));
    node->name = ident(ctx->name());
    auto parts = ctx->expression();
    if (node->name.text.empty() || parts.empty()) return nullptr;
    if (ctx->LBRACKET() && parts.size() > 1) node->count = expression(parts[0]);
    node->offset = expression(parts.back());
    for (auto* part : ctx->regPart()) reg_part(*node, part);
    if (ctx->regBody()) reg_members(*node, ctx->regBody());
    return node;
}

void TreeBuilder::reg_part(ast::RegItem& into, P::RegPartContext* ctx) {
    const auto once = [&](bool is_first) {
        if (!is_first) sink_.report(diagnostics::Code::kSyntax, span(ctx), "this is said of the register already");
    };
    if (ctx->COLON()) {
        once(!into.type);
        into.type = optional_type(ctx->type());
    } else if (ctx->ASSIGN()) {
        once(!into.value);
        into.value = expression(ctx->expression());
    } else if (ctx->STRIDE()) {
        once(!into.stride);
        into.stride = expression(ctx->expression());
    } else if (ctx->RESET()) {
        once(!into.reset);
        into.reset = expression(ctx->expression());
    } else if (ctx->AT() && !ctx->name().empty()) {
        once(!into.promise);
        into.promise = ident(ctx->name(1) ? ctx->name(1) : ctx->name(0));
        if (ctx->MINUS() && ctx->name(2)) into.promise->text += "-" + ident(ctx->name(2)).text;
        if (ident(ctx->name(0)).text != "expect")
            sink_.report(diagnostics::Code::kSyntax, span(ctx), "what is promised of a register is `@expect(class)`");
    } else if (ctx->regKind()) {
        once(!into.kind);
        into.kind = kind(ctx->regKind());
    } else if (ctx->TRIPLE_STRING()) {
        into.doc = doc_of(ctx->TRIPLE_STRING());
    }
}

void TreeBuilder::reg_members(ast::RegItem& into, P::RegBodyContext* ctx) {
    for (auto* member : ctx->regMember()) {
        if (auto* one = member->regField()) {
            ast::RegField made;
            made.name = ident(one->name());
            auto parts = one->expression();
            made.bits = parts.empty() ? error_expr(one) : expression(parts[0]);
            if (one->regKind()) made.kind = kind(one->regKind());
            if (parts.size() > 1) made.value = expression(parts[1]);
            if (one->TRIPLE_STRING()) made.doc = doc_of(one->TRIPLE_STRING());
            if (!made.name.text.empty()) into.fields.push_back(std::move(made));
        } else if (auto* handler = member->onStatement()) {
            ast::StmtPtr made = on(handler);
            if (made) into.handlers.emplace_back(static_cast<ast::OnStmt*>(made.release()));
        } else if (member->TRIPLE_STRING()) {
            (into.fields.empty() ? into.doc : into.fields.back().doc) = doc_of(member->TRIPLE_STRING());
        }
    }
}

ast::KindRef TreeBuilder::kind(P::RegKindContext* ctx) {
    ast::KindRef made;
    auto words = ctx->IDENTIFIER();
    if (ctx->CONST()) made.name = ident(ctx->CONST());
    if (!ctx->CONST() && !words.empty()) made.name = ident(words[0]);
    const std::size_t argument = ctx->CONST() ? 0 : 1;
    if (ctx->LPAREN() && words.size() > argument) made.argument = ident(words[argument]);
    return made;
}

ast::ItemPtr TreeBuilder::index_item(P::IndexItemContext* ctx) {
    auto node = std::make_unique<ast::IndexItem>(span(ctx));
    auto names = ctx->name();
    auto parts = ctx->expression();
    if (names.size() < 3 || parts.size() < 3) return nullptr;
    node->name = ident(names[0]);
    node->data = ident(names[1]);
    node->offset = expression(parts[0]);
    node->data_offset = expression(parts[1]);
    node->array = expression(parts[2]);
    const ast::Ident of = ident(names[2]);
    if (of.text != "of")
        sink_.report(diagnostics::Code::kSyntax, of.span,
                     "an index and data pair reads `index name @0, data @1 of array`");
    return node;
}

}  // namespace nyx::syntax
