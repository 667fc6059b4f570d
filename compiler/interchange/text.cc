#include "compiler/interchange/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "compiler/syntax/keywords.h"
#include "compiler/syntax/words.h"
#include "runtime/base/utf8.h"
#include "runtime/plan/check_plan.h"

namespace nyx::interchange {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

bool is_control(char32_t c) {
    return c < 0x20 || c == 0x7F || (c >= 0x80 && c < 0xA0) || c == 0x2028 || c == 0x2029 ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

// Each character through `put(code point, its bytes)`; bytes that are none as U+FFFD.
template <class Put>
void each(std::string_view text, Put put) {
    for (std::size_t at = 0; at < text.size();) {
        CodePoint c = decode_utf8(text, at);
        if (c.size == 0) {
            put(char32_t{0xFFFD}, kReplacement);
            ++at;
        } else {
            put(c.value, text.substr(at, c.size));
            at += c.size;
        }
    }
}

// No number, no keyword, and no board of stdlib.
bool is_free_name(const std::string& name) {
    diagnostics::Sink ignored;
    std::vector<syntax::Word> words = syntax::words(name, 0, ignored);
    bool is_name = !words.empty() && words.front().kind == syntax::WordKind::kName && words.front().end == name.size();
    return is_name && !ignored.has_errors() && syntax::statement_keyword(name) == 0 &&
           !syntax::is_device_keyword(name) && name != "pc" && name != "none";
}

}  // namespace

std::string quoted(std::string_view text) {
    std::string out = "\"";
    each(text, [&](char32_t c, std::string_view bytes) {
        if (c == '"' || c == '\\' || c == '$') {
            out += '\\';
            out += bytes;
        } else if (is_control(c)) {
            out += fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(c));
        } else {
            out += bytes;
        }
    });
    return out + "\"";
}

std::string doc_string(std::string_view text) {
    std::string out = "\"\"\"";
    each(text, [&](char32_t c, std::string_view bytes) {
        if (c == '"' || c == '\\' || c == '$') out += '\\';
        if (c == '\n' || !is_control(c)) out += bytes;
    });
    return out + "\"\"\"";
}

std::string one_line(std::string_view text, std::size_t most) {
    std::string out;
    each(text, [&](char32_t c, std::string_view bytes) {
        if (out.size() >= most) return;
        out += is_control(c) ? std::string_view(" ") : bytes;
    });
    return out.size() >= most ? out + "…" : out;
}

std::string identifier(std::string_view name) {
    std::string out;
    for (char c : name.substr(0, plan::kMaxNameLength - 1)) {
        auto byte = static_cast<unsigned char>(c);
        out += byte < 0x80 && std::isalnum(byte) != 0 ? c : '_';
    }
    if (out.empty()) return "imported";
    return is_free_name(out) ? out : "_" + out;
}

std::string xml_text(std::string_view text) {
    std::string out;
    each(text, [&](char32_t c, std::string_view bytes) {
        bool allowed = c == '\t' || c == '\n' || (c >= 0x20 && c != 0xFFFE && c != 0xFFFF);
        out += allowed ? bytes : std::string_view(" ");
    });
    return out;
}

}  // namespace nyx::interchange
