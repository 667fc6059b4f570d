#include "compiler/syntax/literals.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

#include "runtime/base/utf8.h"

namespace nyx::syntax {

namespace {

std::string without_underscores(std::string_view text) {
    std::string digits(text);
    std::erase(digits, '_');
    return digits;
}

struct Radix {
    int base;
    std::string_view digits;
};

Radix radix_of(std::string_view text) {
    if (text.size() < 2 || text[0] != '0') return {10, text};
    switch (text[1] | 0x20) {
        case 'x':
            return {16, text.substr(2)};
        case 'o':
            return {8, text.substr(2)};
        case 'b':
            return {2, text.substr(2)};
        default:
            return {10, text};
    }
}

std::optional<char> simple_escape(char c) {
    constexpr std::string_view kFrom = "ntr0ae\\\"'$", kTo("\n\t\r\0\a\033\\\"'$", 10);
    auto at = kFrom.find(c);
    return at == std::string_view::npos ? std::nullopt : std::optional(kTo[at]);
}

std::optional<char32_t> hex(std::string_view digits) {
    unsigned value = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    bool whole = error == std::errc() && end == digits.data() + digits.size();
    return whole ? std::optional<char32_t>(value) : std::nullopt;
}

// The escape whose backslash stands at text[at]: appends its value and gives its size, or nothing and the size of what
// was meant.
std::pair<bool, std::size_t> take_escape(std::string_view text, std::size_t at, std::string& out) {
    if (at + 1 >= text.size()) return {false, 1};
    char c = text[at + 1];
    if (auto simple = simple_escape(c)) return out.push_back(*simple), std::pair(true, std::size_t{2});
    if (c == 'x') {
        // \x41 names a character, so that every string is UTF-8.
        auto value = hex(text.substr(at + 2, 2));
        if (!value || text.size() < at + 4) return {false, 2};
        return append_utf8(out, *value), std::pair(true, std::size_t{4});
    }
    if (c == 'u' && text.substr(at + 2, 1) == "{") {
        auto close = text.find('}', at);
        if (close == std::string_view::npos || close - at > 9) return {false, 3};
        auto value = hex(text.substr(at + 3, close - at - 3));
        if (!value || *value > 0x10FFFF || (*value >= 0xD800 && *value <= 0xDFFF)) return {false, close + 1 - at};
        return append_utf8(out, *value), std::pair(true, close + 1 - at);
    }
    return {false, 1 + std::max<std::size_t>(decode_utf8(text, at + 1).size, 1)};
}

}  // namespace

IntegerValue parse_integer(std::string_view text) {
    auto [base, raw] = radix_of(text);
    std::string digits = without_underscores(raw);
    std::uint64_t value = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (error == std::errc::result_out_of_range) return {NumberError::kTooLarge, 0};
    if (error != std::errc() || end != digits.data() + digits.size()) return {NumberError::kMalformed, 0};
    if (base == 10 && value > std::numeric_limits<std::int64_t>::max()) return {NumberError::kTooLarge, 0};
    return {NumberError::kNone, static_cast<std::int64_t>(value)};
}

std::optional<double> parse_float(std::string_view text) {
    std::string digits = without_underscores(text);
    double value = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || !std::isfinite(value)) return std::nullopt;
    return value;
}

std::string unescape(std::string_view text, const std::function<void(std::size_t, std::size_t)>& bad) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        std::size_t next = std::min(text.find('\\', at), text.size());
        out += text.substr(at, next - at);
        at = next;
        if (at == text.size()) break;
        auto [good, size] = take_escape(text, at, out);
        if (!good) {
            out += text.substr(at, size);
            if (bad) bad(at, size);
        }
        at += size;
    }
    return out;
}

std::string dedent(std::string_view text) {
    std::vector<std::string_view> lines;
    for (std::size_t at = 0; at <= text.size();) {
        std::size_t end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    constexpr std::string_view kBlanks = " \t\r";
    std::size_t common = std::string_view::npos;
    for (std::size_t i = 1; i < lines.size(); ++i) common = std::min(common, lines[i].find_first_not_of(kBlanks));
    std::string out;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        std::size_t skip = i == 0 ? lines[i].find_first_not_of(kBlanks) : common;
        std::string_view line = lines[i].substr(std::min(skip, lines[i].size()));
        line = line.substr(0, line.find_last_not_of(kBlanks) + 1);
        if (!line.empty() || !out.empty()) out += line, out += '\n';
    }
    while (!out.empty() && out.back() == '\n') out.pop_back();
    return out;
}

}  // namespace nyx::syntax
