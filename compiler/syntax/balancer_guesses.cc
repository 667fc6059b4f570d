#include "compiler/syntax/balancer.h"

#include <NyxLexer.h>

#include "compiler/syntax/brackets.h"

namespace nyx::syntax {

using grammar::NyxLexer;

namespace {

// Begins a statement wherever it stands.
bool begins_statement(std::uint16_t type) {
    switch (type) {
        case NyxLexer::LET:
        case NyxLexer::CONST:
        case NyxLexer::CLASS:
        case NyxLexer::IMPORT:
        case NyxLexer::WHILE:
        case NyxLexer::RETURN:
        case NyxLexer::TRY:
        case NyxLexer::THROW:
        case NyxLexer::BREAK:
        case NyxLexer::CONTINUE:
            return true;
        default:
            return false;
    }
}

// Cannot begin a statement, so a line that begins with it goes on with the one before.
bool continues_line(std::uint16_t type) {
    return is_closer(type) || type == NyxLexer::DOT || type == NyxLexer::OPTIONAL_DOT || type == NyxLexer::COMMA ||
           type == NyxLexer::ELSE || type == NyxLexer::CATCH || type == NyxLexer::FINALLY || type == NyxLexer::LBRACE;
}

}  // namespace

void Balancer::new_line(const Lexeme& lexeme) {
    indent_ = indent_of(lexeme);
    while (!open_.empty() && guesses_ > 0 && forgotten(open_.back(), lexeme)) {
        --guesses_;
        close_top();
    }
    if (!open_.empty() && indent_ > open_.back().indent) open_.back().body_indented = true;
}

// Does a line that begins with this lexeme show that the bracket should have been closed before it?
bool Balancer::forgotten(const OpenBracket& top, const Lexeme& lexeme) const {
    switch (top.bracket.type) {
        case NyxLexer::LPAREN:
        case NyxLexer::LBRACKET:
            return begins_statement(lexeme.type) || (indent_ <= top.indent && !continues_line(lexeme.type));
        case NyxLexer::LBRACE:
            return top.body_indented && indent_ <= top.indent && !continues_line(lexeme.type);
        default:
            return false;
    }
}

std::size_t Balancer::partner_of(const Lexeme& closer) const {
    bool exact = closer.type == NyxLexer::INTERPOLATION_END;  // the scanner has paired these
    for (std::size_t i = open_.size(); i-- > 0;) {
        const OpenBracket& open = open_[i];
        bool same_line = indent_ == open.indent;
        if (closer_of(open.bracket.type) == closer.type) {
            bool outer =
                closer.type == NyxLexer::RBRACE && closer.first_on_line && indent_ < open.indent && guesses_ > 0;
            if (!outer || i == 0) return i;
            continue;
        }
        if (exact) continue;
        if (open.bracket.type == NyxLexer::INTERPOLATION_BEGIN) return kNone;
        // `)` and `]` close over a `{` only where the layout says that they belong together.
        if (open.bracket.type == NyxLexer::LBRACE && !(closer.first_on_line && same_line)) return kNone;
    }
    return kNone;
}

void Balancer::take_closer(const Lexeme& lexeme) {
    std::size_t partner = partner_of(lexeme);
    if (partner == kNone) return is_wrong_closer(lexeme) ? take_wrong_closer(lexeme) : take_stray(lexeme);
    while (open_.size() > partner + 1) close_top();
    open_.pop_back();
    out_.push_back(lexeme);
}

// `[1, 2)`: the list is not closed by anything else in this line.
bool Balancer::is_wrong_closer(const Lexeme& lexeme) const {
    if (open_.empty() || lexeme.first_on_line || guesses_ < 2) return false;
    std::uint16_t opener = open_.back().bracket.type;
    bool list = (opener == NyxLexer::LPAREN || opener == NyxLexer::LBRACKET) && lexeme.type != NyxLexer::RBRACE;
    std::size_t depth = 0;
    for (std::size_t i = at_ + 1; list && i < in_.size() && !in_[i].first_on_line; ++i) {
        if (is_opener(in_[i].type)) ++depth;
        if (is_closer(in_[i].type) && depth-- == 0) return in_[i].type != closer_of(opener);
    }
    return list;
}

std::uint32_t Balancer::indent_of(const Lexeme& lexeme) const {
    std::size_t start = text_.find_last_of("\r\n", lexeme.begin == 0 ? 0 : lexeme.begin - 1);
    return static_cast<std::uint32_t>(start == std::string_view::npos ? lexeme.begin : lexeme.begin - start - 1);
}

}  // namespace nyx::syntax
