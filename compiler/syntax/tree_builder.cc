// Names, places and doc strings, which all nodes have, and which node a statement becomes.
#include <NyxParser.h>

#include "compiler/syntax/tree_builder.h"

#include "compiler/syntax/literals.h"
#include "compiler/syntax/moved_copy.h"
#include "compiler/syntax/token.h"

namespace nyx::syntax {

using antlr4::tree::TerminalNode;

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

}  // namespace nyx::syntax
