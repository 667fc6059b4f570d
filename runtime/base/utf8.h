// UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace nyx {

struct CodePoint {
    char32_t value = 0;
    std::size_t size = 0;  // bytes; 0: the bytes are not a character
};

// The character that begins at text[at]; at < text.size().
CodePoint decode_utf8(std::string_view text, std::size_t at);
void append_utf8(std::string& out, char32_t value);
// The first byte from `from` on that does not belong to a character, or npos.
std::size_t find_invalid_utf8(std::string_view text, std::size_t from);

}  // namespace nyx
