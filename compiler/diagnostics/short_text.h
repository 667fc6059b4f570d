// What a diagnostic says, however long the names and texts are that it quotes.
#pragma once

#include <cstddef>
#include <string>

namespace nyx::diagnostics {

inline constexpr std::size_t kMaxWord = 200;   // bytes without a blank: a path or a name
inline constexpr std::size_t kMaxText = 2000;  // bytes in all

// The text with `…` in place of the middle of what is longer. Whole UTF-8 characters stay.
std::string short_text(std::string text);

}  // namespace nyx::diagnostics
