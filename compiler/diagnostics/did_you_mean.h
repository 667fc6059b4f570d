// The name that somebody who wrote `wanted` most likely meant.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nyx::diagnostics {

// The candidate with the fewest single-character edits (insertion, deletion, replacement, swap of neighbours; case
// counts half), if it is near enough to be worth saying; the first of equals. Pure.
std::optional<std::string> did_you_mean(std::string_view wanted, std::span<const std::string> candidates);

}  // namespace nyx::diagnostics
