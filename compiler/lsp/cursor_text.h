// Whether a place is inside of a string or comment.
#pragma once

#include <cstdint>
#include <string_view>

namespace nyx::lsp {

struct Surroundings {
    enum class Kind : std::uint8_t { kCode, kComment, kString } kind = Kind::kCode;
    std::uint32_t begin = 0;  // where the string's content begins; of code the byte behind the last open `${`, or 0
};

Surroundings surroundings(std::string_view text, std::uint32_t offset);

}  // namespace nyx::lsp
