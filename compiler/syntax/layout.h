// Lexemes to tokens: which newlines end a statement, and which words are keywords where they stand.
//
// A statement ends with exactly one END_OF_STATEMENT: at a newline or `;`, before `}`, after a block that a word
// follows, and at the end of the file. A newline does not count inside ( ) [ ] and `${`, before a line that begins with
// `.`, `?.`, `else`, `catch` or `finally`, and after an operator, `,`, `:` or an opening bracket.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/lexeme.h"
#include "compiler/syntax/token.h"

namespace nyx::syntax {

// Brackets in `lexemes` are balanced. The result ends with the end of the file.
std::vector<SyntaxToken> lay_out(const Lexemes& lexemes, std::string_view text, std::uint32_t file,
                                 diagnostics::Sink& sink);

// An operator that stands between two values: at the end of a line it wants the next one.
bool joins_two_values(std::uint16_t type);

}  // namespace nyx::syntax
