#include "compiler/syntax/token.h"

#include "compiler/syntax/brackets.h"
#include "compiler/syntax/foreign.h"
#include "compiler/syntax/layout.h"
#include "compiler/syntax/scanner.h"

namespace nyx::syntax {

TokenList::TokenList(std::vector<SyntaxToken> tokens) : tokens_(std::move(tokens)) {
    for (std::uint32_t i = 0; i < tokens_.size(); ++i) tokens_[i].index = i;
}

antlr4::Token* TokenList::LT(ssize_t k) {
    if (k > 0) return &at(index_ + static_cast<size_t>(k) - 1);
    auto back = static_cast<size_t>(-k);
    return k == 0 || back > index_ ? nullptr : &tokens_[index_ - back];
}

size_t TokenList::LA(ssize_t i) {
    antlr4::Token* token = LT(i);
    return token ? token->getType() : antlr4::Token::INVALID_TYPE;
}

void TokenList::consume() {
    if (index_ + 1 < tokens_.size()) ++index_;
}

TokenList read_tokens(std::string_view text, std::uint32_t file, diagnostics::Sink& sink) {
    diagnostics::Sink scanned;
    Lexemes lexemes = scan(text, file, scanned);
    lexemes = balance(mend_foreign(std::move(lexemes), text, file, scanned, sink), text, file, sink);
    return TokenList(lay_out(lexemes, text, file, sink));
}

}  // namespace nyx::syntax
