// Ethernet addresses as numbers of 48 bits, the first byte highest, and as text: "02:4e:79:00:00:01" (IEEE 802-2014
// §8.1).
#pragma once

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nyx {

inline std::optional<std::uint64_t> mac_address(std::string_view text) {
    constexpr std::size_t kLength = 17;
    if (text.size() != kLength) return std::nullopt;
    std::uint64_t address = 0;
    for (std::size_t at = 0; at < kLength; at += 3) {
        std::uint8_t byte = 0;
        auto [end, error] = std::from_chars(&text[at], text.data() + at + 2, byte, 16);
        if (error != std::errc() || end != text.data() + at + 2) return std::nullopt;
        if (at + 2 < kLength && text[at + 2] != ':') return std::nullopt;
        address = address << 8 | byte;
    }
    return address;
}

inline std::string mac_text(std::uint64_t address) {
    std::string text;
    for (int shift = 40; shift >= 0; shift -= 8)
        text += fmt::format("{}{:02x}", text.empty() ? "" : ":", address >> shift & 0xFF);
    return text;
}

}  // namespace nyx
