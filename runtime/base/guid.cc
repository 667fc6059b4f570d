#include "runtime/base/guid.h"

#include <charconv>

namespace nyx {
namespace {

// Where each byte of the text, two digits, belongs in memory; the dashes stand before the 4th, 6th, 8th and 10th.
constexpr std::array<std::size_t, 16> kPlaces = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
constexpr std::size_t kLength = 36;

bool has_dash_before(std::size_t byte) {
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

}  // namespace

std::optional<Guid> parse_guid(std::string_view text) {
    if (text.size() != kLength) return std::nullopt;
    Guid guid{};
    std::size_t at = 0;
    for (std::size_t byte = 0; byte < guid.size(); ++byte) {
        if (has_dash_before(byte) && text[at++] != '-') return std::nullopt;
        const char* digits = text.data() + at;
        const auto read = std::from_chars(digits, digits + 2, guid[kPlaces[byte]], 16);
        if (read.ec != std::errc{} || read.ptr != digits + 2) return std::nullopt;
        at += 2;
    }
    return guid;
}

}  // namespace nyx
