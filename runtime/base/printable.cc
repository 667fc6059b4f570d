#include "runtime/base/printable.h"

#include <fmt/format.h>

#include "runtime/base/utf8.h"

namespace nyx {

namespace {

// C1 too, which terminals obey; the directions would make a line look like another (UAX #9, section 2).
bool is_control(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

template <class Put>
std::string each(std::string_view text, Put put) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        CodePoint c = decode_utf8(text, at);
        if (c.size == 0) {
            out += "\xEF\xBF\xBD";
        } else {
            put(out, c.value, text.substr(at, c.size));
        }
        at += c.size == 0 ? 1 : c.size;
    }
    return out;
}

}  // namespace

std::string valid_utf8(std::string_view text) {
    return each(text, [](std::string& out, char32_t, std::string_view bytes) { out += bytes; });
}

std::string printable(std::string_view text) {
    return each(text, [](std::string& out, char32_t c, std::string_view bytes) {
        auto number = static_cast<std::uint32_t>(c);
        if (!is_control(c)) {
            out += bytes;
        } else {
            out += number < 0x100 ? fmt::format("\\x{:02x}", number) : fmt::format("\\u{{{:x}}}", number);
        }
    });
}

}  // namespace nyx
