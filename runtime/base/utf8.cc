#include "runtime/base/utf8.h"

namespace nyx {

static std::size_t sequence_size(unsigned char lead) {
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead < 0xE0) return 2;
    if (lead >= 0xE0 && lead < 0xF0) return 3;
    return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

CodePoint decode_utf8(std::string_view text, std::size_t at) {
    auto lead = static_cast<unsigned char>(text[at]);
    std::size_t size = sequence_size(lead);
    if (size == 0 || at + size > text.size()) return {};
    char32_t value = size == 1 ? lead : lead & (0x7Fu >> size);
    for (std::size_t i = 1; i < size; ++i) {
        auto byte = static_cast<unsigned char>(text[at + i]);
        if ((byte & 0xC0) != 0x80) return {};
        value = value << 6 | (byte & 0x3Fu);
    }
    bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
    bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    return overlong || surrogate || value > 0x10FFFF ? CodePoint{} : CodePoint{value, size};
}

void append_utf8(std::string& out, char32_t value) {
    auto byte = [&](char32_t bits) { out.push_back(static_cast<char>(bits)); };
    if (value < 0x80) return byte(value);
    if (value < 0x800) {
        byte(0xC0 | value >> 6);
    } else if (value < 0x10000) {
        byte(0xE0 | value >> 12);
        byte(0x80 | (value >> 6 & 0x3F));
    } else {
        byte(0xF0 | value >> 18);
        byte(0x80 | (value >> 12 & 0x3F));
        byte(0x80 | (value >> 6 & 0x3F));
    }
    byte(0x80 | (value & 0x3F));
}

std::size_t find_invalid_utf8(std::string_view text, std::size_t from) {
    while (from < text.size()) {
        std::size_t size = decode_utf8(text, from).size;
        if (size == 0) return from;
        from += size;
    }
    return std::string_view::npos;
}

}  // namespace nyx
