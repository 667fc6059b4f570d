#include "compiler/syntax/token.h"

#include <NyxParser.h>

#include <algorithm>

#include "compiler/syntax/brackets.h"
#include "compiler/syntax/foreign.h"
#include "compiler/syntax/layout.h"
#include "compiler/syntax/scanner.h"

namespace nyx::syntax {

TokenList::TokenList(std::vector<SyntaxToken> tokens) : tokens_(std::move(tokens)) {
    for (std::uint32_t i = 0; i < tokens_.size(); ++i) tokens_[i].index = i;
}

void TokenList::know(std::uint32_t first, std::uint32_t last) {
    replaced_.push_back(tokens_[first]);
    tokens_[first].type = grammar::NyxParser::KNOWN_STATEMENT;
    tokens_[first].partner = last;
}

void TokenList::forget(std::size_t index) {
    SyntaxToken& token = at(index);
    if (token.type != grammar::NyxParser::KNOWN_STATEMENT) return;
    token = *std::lower_bound(replaced_.begin(), replaced_.end(), token.index,
                              [](const SyntaxToken& one, std::uint32_t wanted) { return one.index < wanted; });
}

std::vector<SyntaxToken> TokenList::take() {
    for (const SyntaxToken& token : replaced_) tokens_[token.index] = token;
    return std::move(tokens_);
}

size_t TokenList::after(size_t index) const {
    const SyntaxToken& token = tokens_[index];
    if (token.type == grammar::NyxParser::KNOWN_STATEMENT) return token.partner;
    return std::min(index + 1, tokens_.size() - 1);
}

antlr4::Token* TokenList::LT(ssize_t k) {
    if (k > 0) {
        size_t ahead = index_;
        while (--k > 0) ahead = after(ahead);
        return &tokens_[ahead];
    }
    auto back = static_cast<size_t>(-k);
    return k == 0 || back > index_ ? nullptr : &tokens_[index_ - back];
}

size_t TokenList::LA(ssize_t i) {
    antlr4::Token* token = LT(i);
    return token ? token->getType() : antlr4::Token::INVALID_TYPE;
}

void TokenList::consume() {
    index_ = after(index_);
}

TokenList read_tokens(std::string_view text, std::uint32_t file, diagnostics::Sink& sink) {
    diagnostics::Sink scanned;
    Lexemes lexemes = scan(text, file, scanned);
    lexemes = balance(mend_foreign(std::move(lexemes), text, file, scanned, sink), text, file, sink);
    return TokenList(lay_out(lexemes, text, file, sink));
}

}  // namespace nyx::syntax
