// What stands before and behind an operand.
#include "compiler/syntax/brackets.h"
#include "compiler/syntax/layout.h"
#include "compiler/syntax/layouter.h"

namespace nyx::syntax {

using grammar::NyxLexer;

bool wants_operand(std::uint16_t type) {
    switch (type) {
        case NyxLexer::NOT:
        case NyxLexer::COMMA:
        case NyxLexer::COLON:
        case NyxLexer::DOT:
        case NyxLexer::OPTIONAL_DOT:
        case NyxLexer::ARROW:
        case NyxLexer::FAT_ARROW:
        case NyxLexer::ASSIGN:
        case NyxLexer::COMPOUND_ASSIGN:
        case NyxLexer::BANG:
        case NyxLexer::TILDE:
            return true;
        default:
            return joins_two_values(type) || is_opener(type);
    }
}

bool wants_value(std::uint16_t type) {
    bool other = type == NyxLexer::COMMA || type == NyxLexer::COLON || type == NyxLexer::FAT_ARROW || is_opener(type);
    return wants_operand(type) && !other;
}

bool begins_operand(std::uint16_t type) {
    switch (type) {
        case NyxLexer::IDENTIFIER:
        case NyxLexer::INTEGER:
        case NyxLexer::FLOAT:
        case NyxLexer::STRING:
        case NyxLexer::TEMPLATE_BEGIN:
        case NyxLexer::TRUE:
        case NyxLexer::FALSE:
        case NyxLexer::NULL_:
        case NyxLexer::NOT:
        case NyxLexer::BANG:
        case NyxLexer::FN:
            return true;
        default:
            return false;
    }
}

bool joins_two_values(std::uint16_t type) {
    switch (type) {
        case NyxLexer::AND:
        case NyxLexer::OR:
        case NyxLexer::IN:
        case NyxLexer::RANGE:
        case NyxLexer::COALESCE:
        case NyxLexer::EQUAL:
        case NyxLexer::LESS:
        case NyxLexer::LESS_EQUAL:
        case NyxLexer::GREATER_EQUAL:
        case NyxLexer::PIPE:
        case NyxLexer::CARET:
        case NyxLexer::AMPERSAND:
        case NyxLexer::SHIFT_LEFT:
        case NyxLexer::PLUS:
        case NyxLexer::MINUS:
        case NyxLexer::STAR:
        case NyxLexer::SLASH:
        case NyxLexer::FLOOR_DIVIDE:
        case NyxLexer::PERCENT:
        case NyxLexer::POWER:
            return true;
        default:
            return false;
    }
}

}  // namespace nyx::syntax
