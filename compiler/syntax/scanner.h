// Text to lexemes: words, symbols, strings and numbers with everything that can be wrong inside one of them reported.
//
// Blanks and comments are gone; a newline is a flag on the lexeme after it. A string with `${…}` comes as
// TEMPLATE_BEGIN, TEMPLATE_TEXT, INTERPOLATION_BEGIN, …, INTERPOLATION_END, TEMPLATE_END, always complete and properly
// nested, even where the text is not. Unknown characters become ERROR lexemes. Time is linear in the size of the text.
#pragma once

#include <cstdint>
#include <string_view>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/lexeme.h"

namespace nyx::syntax {

Lexemes scan(std::string_view text, std::uint32_t file, diagnostics::Sink& sink);

}  // namespace nyx::syntax
