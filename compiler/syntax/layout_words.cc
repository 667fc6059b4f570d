// Which words are keywords where they stand.
#include <cctype>

#include "compiler/syntax/keywords.h"
#include "compiler/syntax/layouter.h"

namespace nyx::syntax {

using grammar::NyxLexer;

// The type that a lexeme has where it stands: after `.` every word is a name.
std::uint16_t Layouter::type_of(const Lexeme& lexeme) const {
    bool member = previous() == NyxLexer::DOT || previous() == NyxLexer::OPTIONAL_DOT;
    char first = lexeme.begin < text_.size() ? text_[lexeme.begin] : '\0';
    bool word = std::isalpha(static_cast<unsigned char>(first)) && is_keyword(lexeme.type);
    if (member && word) return NyxLexer::IDENTIFIER;
    if (lexeme.type != NyxLexer::IDENTIFIER || out_.empty()) return lexeme.type;
    std::string_view text = text_of(lexeme.begin, lexeme.end);
    std::uint16_t head = out_[std::min<std::size_t>(scope().statement_start, out_.size() - 1)].type;
    bool named = out_.size() - scope().statement_start >= 2;
    if (text == "extends" && named) {
        if (head == NyxLexer::CLASS || head == NyxLexer::MACHINE || head == NyxLexer::SCHEMA) return NyxLexer::EXTENDS;
    }
    if (text == "as" && named && (head == NyxLexer::IMPORT || head == NyxLexer::USE)) return NyxLexer::AS;
    return lexeme.type;
}

// Decides what the word before `next` is, now that two tokens are known.
void Layouter::look_back(const SyntaxToken& next) {
    if (out_.empty()) return;
    SyntaxToken& word = out_.back();
    bool letters = word.begin < text_.size() && std::isalpha(static_cast<unsigned char>(text_[word.begin]));
    if (!letters) return;
    bool entry = names_an_entry(out_.size() - 1, next.type);
    if (is_keyword(word.type)) {
        if (entry) word.type = NyxLexer::IDENTIFIER;
    } else if (word.type == NyxLexer::IDENTIFIER) {
        if (word.starts_statement) promote(word, next);
        if (word.type == NyxLexer::IDENTIFIER && !entry) word.type = device_word(text_of(word.begin, word.end), next);
    }
}

// Where nothing but an item can begin, its word is one even when what follows does not fit.
bool Layouter::promotes_item(std::uint16_t keyword, const SyntaxToken& next) const {
    if (next.type == NyxLexer::COLON || next.type == NyxLexer::ASSIGN) return false;
    return keyword != 0 && scope().items;
}

// A word inside a device declaration that is a keyword there, though it begins no item.
std::uint16_t Layouter::device_word(std::string_view word, const SyntaxToken& next) const {
    if (!scope().device || out_.size() < 2) return NyxLexer::IDENTIFIER;
    std::uint16_t before = out_[out_.size() - 2].type;
    if (scope().items && head() == NyxLexer::REG && before != NyxLexer::REG && before != NyxLexer::LPAREN) {
        if (word == "reset") return NyxLexer::RESET;
        if (word == "stride") return NyxLexer::STRIDE;
    }
    if (scope().items && head() == NyxLexer::HOST && word == "when") return NyxLexer::WHEN;
    if (scope().items || !out_.back().starts_statement) return NyxLexer::IDENTIFIER;
    bool is_place = next.type == NyxLexer::ASSIGN || next.type == NyxLexer::COMPOUND_ASSIGN ||
                    next.type == NyxLexer::DOT || next.type == NyxLexer::LBRACKET;
    if (word == "emit" && next.type == NyxLexer::IDENTIFIER) return NyxLexer::EMIT;
    if (word == "expect" && !is_place) return NyxLexer::EXPECT;
    return NyxLexer::IDENTIFIER;
}

void Layouter::promote(SyntaxToken& word, const SyntaxToken& next) {
    std::string_view text = text_of(word.begin, word.end);
    std::uint16_t item = device_keyword(text);
    if (promotes_item(item, next)) {
        word.type = item;
        return;
    }
    std::uint16_t keyword = statement_keyword(text);
    if (keyword == 0 || !is_meant(keyword, next)) return;
    bool declares = keyword == NyxLexer::DEVICE && scopes_.size() == 1;
    word.type = declares ? std::uint16_t{NyxLexer::DEVICE_DECLARATION} : keyword;
}

// Whether the word that could be `keyword` is, now that `next` follows it.
bool Layouter::is_meant(std::uint16_t keyword, const SyntaxToken& next) const {
    bool name = next.type == NyxLexer::IDENTIFIER;
    switch (keyword) {
        case NyxLexer::TEST:
            return next.type == NyxLexer::STRING;
        case NyxLexer::USE:
        case NyxLexer::FROM:
            return name || next.type == NyxLexer::STRING;
        case NyxLexer::REQUIRE:
            return begins_operand(next.type) || (scope().machine && next.type == NyxLexer::LPAREN);
        case NyxLexer::MACHINE:
            // `machine {`: the name is missing, which the parser says better than anything else could.
            return name || (next.type == NyxLexer::LBRACE && scopes_.size() == 1);
        default:
            return name;
    }
}

// `f(default: 1)`, `{in: 2}`: before `=` or `:` in an argument list or a map every word is a name.
bool Layouter::names_an_entry(std::size_t word, std::uint16_t next) const {
    if (next != NyxLexer::COLON && next != NyxLexer::ASSIGN) return false;
    if (scope().block || scope().parameters || word == 0) return false;
    std::uint16_t before = out_[word - 1].type;
    return before == NyxLexer::LPAREN || before == NyxLexer::MAP_BEGIN || before == NyxLexer::COMMA;
}

}  // namespace nyx::syntax
