// Where statements end.
#include "compiler/syntax/keywords.h"
#include "compiler/syntax/layouter.h"

namespace nyx::syntax {

using grammar::NyxLexer;

// A new line begins with `next`: did the statement end with the line before?
void Layouter::break_line(const Lexeme& next) {
    switch (next.type) {
        case NyxLexer::DOT:
        case NyxLexer::OPTIONAL_DOT:
        case NyxLexer::RBRACE:
            return;
        case NyxLexer::ELSE:
        case NyxLexer::CATCH:
        case NyxLexer::FINALLY:
            if (previous() == NyxLexer::RBRACE) return;
            break;
        default:
            break;
    }
    if (begins_statement(next) && wants_value(previous())) return end_statement(out_.back().end, out_.back().end);
    if (wants_operand(previous()) || (previous() == NyxLexer::GREATER && !ends_generic_type())) return;
    end_statement(out_.back().end, out_.back().end);
}

// No value begins so: where an operator ends the line before, its right side was forgotten.
bool Layouter::begins_statement(const Lexeme& lexeme) const {
    const Lexeme* after = &lexeme == &lexemes_.back() ? nullptr : &lexeme + 1;
    bool declares = after && after->type == NyxLexer::IDENTIFIER && !after->first_on_line;
    if (lexeme.type == NyxLexer::FN) return declares;
    if (lexeme.type == NyxLexer::IDENTIFIER)
        return declares && statement_keyword(text_of(lexeme.begin, lexeme.end)) != 0;
    return is_keyword(lexeme.type) && lexeme.type <= NyxLexer::PASS && lexeme.type != NyxLexer::IN;
}

// `serial a { } serial b { }`: after a block the next word begins a statement, even on the same line.
bool Layouter::follows_block(const Lexeme& lexeme) const {
    if (!scope().block || previous() != NyxLexer::RBRACE || out_[out_.back().partner].type != NyxLexer::LBRACE)
        return false;
    switch (lexeme.type) {
        case NyxLexer::ELSE:
        case NyxLexer::CATCH:
        case NyxLexer::FINALLY:
        case NyxLexer::IN:
        case NyxLexer::AND:
        case NyxLexer::OR:
        case NyxLexer::NOT:
            return false;
        default:
            return lexeme.type == NyxLexer::IDENTIFIER || is_keyword(lexeme.type);
    }
}

void Layouter::end_statement(std::uint32_t begin, std::uint32_t end) {
    if (previous() == NyxLexer::END_OF_STATEMENT || previous() == NyxLexer::LBRACE || previous() == NyxLexer::MAP_BEGIN)
        return;
    SyntaxToken token(NyxLexer::END_OF_STATEMENT, begin, end);
    look_back(token);
    out_.push_back(token);
    scope().statement_start = static_cast<std::uint32_t>(out_.size());
}

// `x: map<string, int>` at the end of a line, rather than `a >`: the statement has a `<` for it.
bool Layouter::ends_generic_type() const {
    int depth = 0;
    for (std::size_t i = out_.size(); i-- > scope().statement_start;) {
        if (out_[i].type == NyxLexer::GREATER) ++depth;
        if (out_[i].type == NyxLexer::LESS && --depth <= 0) return true;
    }
    return false;
}

}  // namespace nyx::syntax
