// Text of a guest or a file as it may be shown to a person: nothing in it moves the cursor or ends the line.
#pragma once

#include <string>
#include <string_view>

namespace nyx {

// Bytes that are no UTF-8 become U+FFFD, one each.
std::string valid_utf8(std::string_view text);
// The same, and controls (C0, DEL, C1, and Unicode's line ends and directions) become \x1b, \u{2028} …
std::string printable(std::string_view text);

}  // namespace nyx
