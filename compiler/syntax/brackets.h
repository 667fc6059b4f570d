// Makes brackets balanced before anything else looks at them: what is not closed is closed where indentation says it
// should have been, what closes nothing is dropped, and what is nested too deeply is replaced by ERROR; each with one
// diagnostic. Afterwards every opening bracket (`${` is one) has its closing one. Time is linear.
#pragma once

#include <cstdint>
#include <string_view>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/lexeme.h"

namespace nyx::syntax {

Lexemes balance(Lexemes lexemes, std::string_view text, std::uint32_t file, diagnostics::Sink& sink);

bool is_opener(std::uint16_t type);
bool is_closer(std::uint16_t type);

}  // namespace nyx::syntax
