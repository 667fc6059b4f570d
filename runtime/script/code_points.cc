#include "runtime/script/code_points.h"

#include <cstdint>
#include <cstring>

namespace nyx::script {

std::size_t code_point_size(std::string_view text, std::size_t at) {
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    return end - at;
}

// Every byte that goes on with a code point, 10xxxxxx, is none of its own; eight at a time.
std::size_t text_length(std::string_view text) {
    constexpr std::uint64_t kHighBits = 0x8080808080808080;
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    std::size_t length = text.size();
    std::size_t at = 0;
    for (std::uint64_t word = 0; text.size() - at >= sizeof(word); at += sizeof(word)) {
        std::memcpy(&word, text.data() + at, sizeof(word));
        length -= ((word & ~(word << 1) & kHighBits) >> 7) * kOnes >> 56;  // the product's highest byte is their sum
    }
    for (; at < text.size(); ++at) {
        if ((static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --length;
    }
    return length;
}

std::string_view text_slice(std::string_view text, std::size_t begin, std::size_t end) {
    std::size_t at = 0;
    std::size_t number = 0;
    for (; number < begin && at < text.size(); ++number) at += code_point_size(text, at);
    std::size_t from = at;
    for (; number < end && at < text.size(); ++number) at += code_point_size(text, at);
    return text.substr(from, at - from);
}

}  // namespace nyx::script
