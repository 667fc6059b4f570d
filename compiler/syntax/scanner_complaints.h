// What the scanner says of words that are none. Private to scanner.cc.
#pragma once

#include <string_view>

#include "compiler/diagnostics/diagnostic.h"
#include "runtime/base/utf8.h"

namespace nyx::syntax {

// Quotes of word processors, and those of JavaScript and shells.
bool is_foreign_quote(char32_t c);
// place: the character, or the string that begins with it.
void report_unknown_character(std::string_view text, Span place, CodePoint c, diagnostics::Sink& sink);

void report_bad_number(std::string_view word, Span place, diagnostics::Sink& sink);
void report_large_number(Span place, bool whole, diagnostics::Sink& sink);

diagnostics::Diagnostic& report_unclosed_string(std::string_view text, Span place, char quote, diagnostics::Sink& sink);
// Whether all escapes in this part of a string are ones; the first that is none is reported, for all of the part.
bool check_escapes(std::string_view text, Span part, diagnostics::Sink& sink);

}  // namespace nyx::syntax
