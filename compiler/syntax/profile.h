// How hard the generated parser had to think: for the test that holds the grammar to its rules.
//
// Parses with full-context prediction allowed (parse() does not allow it) and counts how often it was needed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/source_map.h"

namespace nyx::syntax {

struct DecisionProfile {
    std::string rule;
    std::size_t invocations = 0;
    std::size_t max_lookahead = 0;  // tokens
    std::size_t full_context = 0;   // predictions that needed the callers of the rule
    std::size_t ambiguities = 0;
};

// Decisions that were taken at least once and are not decided by a mere look at the next token.
std::vector<DecisionProfile> profile(const source::SourceMap& sources, std::uint32_t file);

}  // namespace nyx::syntax
