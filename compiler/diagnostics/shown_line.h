// One line of source as it may be shown: columns counted in code points, each one column wide. Private to console.cc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nyx::diagnostics {

struct ShownLine {
    std::string text;       // at most kMaxShown columns
    std::size_t begin = 0;  // columns of the marked part in it
    std::size_t width = 1;  // at least 1
};

inline constexpr std::size_t kMaxShown = 110;

// `begin` and `end` are byte offsets in `line`; the marked part is inside the cut.
ShownLine show_line(std::string_view line, std::size_t begin, std::size_t end);
// The same replacement of characters for text outside the source, such as file names.
std::string safe_text(std::string_view text);

}  // namespace nyx::diagnostics
