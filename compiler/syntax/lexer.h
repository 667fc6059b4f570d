// Text to tokens; newlines that do not end a statement are dropped. Private to compiler/syntax.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "runtime/base/span.h"

namespace nyx::syntax {

enum class Tok { kEnd, kNewline, kName, kKeyword, kInt, kFloat, kString, kPunct };

struct Token {
    Tok kind = Tok::kEnd;
    std::string_view text;
    Span span;
};

std::vector<Token> lex(std::string_view text, std::uint32_t file, std::uint32_t base, diagnostics::Sink& sink);

}  // namespace nyx::syntax
