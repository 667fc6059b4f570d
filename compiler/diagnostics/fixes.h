// Fixes put into the text that they are for. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"

namespace nyx::diagnostics {

// The machine-applicable fixes of these findings that change `file` and nothing else, in order of their first edit.
// Of two that touch the same place the earlier finding's is taken; the other one may come again after a check.
std::vector<Fix> certain_fixes(const std::vector<Diagnostic>& findings, std::uint32_t file);

// The text with all fixes of one file in it; they do not overlap. Where the text's lines end in CR LF, theirs do too.
std::string with_fixes(std::string_view text, const std::vector<Fix>& fixes);

}  // namespace nyx::diagnostics
