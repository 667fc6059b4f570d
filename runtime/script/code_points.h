// UTF-8 text counted in code points.
#pragma once

#include <cstddef>
#include <string_view>

namespace nyx::script {

// Length in code points, and code points [begin, end) of text.
std::size_t text_length(std::string_view text);
std::string_view text_slice(std::string_view text, std::size_t begin, std::size_t end);
// The bytes of the code point that starts at byte `at`, which is inside.
std::size_t code_point_size(std::string_view text, std::size_t at);

}  // namespace nyx::script
