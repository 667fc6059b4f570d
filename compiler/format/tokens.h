// Words to tokens with what stands between them, and the blank that belongs between two tokens.
#pragma once

#include <string_view>
#include <vector>

#include "compiler/format/outline.h"

namespace nyx::format {

// Ends of statements have no token: ends[i] says whether a statement ends behind token i.
struct TokenStream {
    std::vector<Token> tokens;
    std::vector<bool> ends;
};

TokenStream read_tokens(std::string_view text, const std::vector<syntax::Word>& words);

// Sets `tight` and `precedence`, once the outline has said what is a type and what a slice.
void set_blanks(std::vector<Token>& tokens);

// Behind it a value is complete, so that `-` is a minus between two values and `(` a call.
bool ends_value(const Token& token);

}  // namespace nyx::format
