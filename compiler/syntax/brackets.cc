#include "compiler/syntax/brackets.h"

#include <NyxLexer.h>

#include "compiler/syntax/balancer.h"

namespace nyx::syntax {

using grammar::NyxLexer;

std::uint16_t closer_of(std::uint16_t opener) {
    switch (opener) {
        case NyxLexer::LPAREN:
            return NyxLexer::RPAREN;
        case NyxLexer::LBRACKET:
            return NyxLexer::RBRACKET;
        case NyxLexer::LBRACE:
            return NyxLexer::RBRACE;
        default:
            return NyxLexer::INTERPOLATION_END;
    }
}

std::string_view bracket_text(std::uint16_t type) {
    switch (type) {
        case NyxLexer::LPAREN:
            return "(";
        case NyxLexer::RPAREN:
            return ")";
        case NyxLexer::LBRACKET:
            return "[";
        case NyxLexer::RBRACKET:
            return "]";
        case NyxLexer::LBRACE:
            return "{";
        case NyxLexer::INTERPOLATION_BEGIN:
            return "${";
        default:
            return "}";
    }
}

bool is_opener(std::uint16_t type) {
    return type == NyxLexer::LPAREN || type == NyxLexer::LBRACKET || type == NyxLexer::LBRACE ||
           type == NyxLexer::MAP_BEGIN || type == NyxLexer::INTERPOLATION_BEGIN;
}

bool is_closer(std::uint16_t type) {
    return type == NyxLexer::RPAREN || type == NyxLexer::RBRACKET || type == NyxLexer::RBRACE ||
           type == NyxLexer::INTERPOLATION_END;
}

Lexemes balance(Lexemes lexemes, std::string_view text, std::uint32_t file, diagnostics::Sink& sink) {
    return Balancer(std::move(lexemes), text, file, sink).balance();
}

}  // namespace nyx::syntax
