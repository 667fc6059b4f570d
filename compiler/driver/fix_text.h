// The text of one file with every certain fix in it: what `nyxc check --fix` writes.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "runtime/base/result.h"

namespace nyx::driver {

// What a check finds in a text: all findings, in the order in which they are printed, and which file the text was.
struct Findings {
    std::uint32_t file = 0;
    std::vector<diagnostics::Diagnostic> all;
};
using CheckText = std::function<Result<Findings>(const std::string& text)>;

struct FixedText {
    std::string text;
    std::size_t applied = 0;  // fixes in it
    std::size_t refused = 0;  // fixes after which there would be more errors
};

// Applies the machine-applicable fixes that do not overlap, checks again, and so on until there are none left, or
// kMostRounds. A fix after which there are more errors than before is left out; a mistake that only came to light
// because the file now parses is not held against it.
inline constexpr int kMostRounds = 10;
Result<FixedText> fix_text(std::string text, const CheckText& check);

}  // namespace nyx::driver
