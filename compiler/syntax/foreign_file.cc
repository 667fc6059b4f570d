#include "compiler/syntax/foreign_file.h"

#include <algorithm>
#include <cctype>

namespace nyx::syntax {

namespace {

constexpr std::string_view kBlanks = " \t\r\n";

// Behind a byte order mark, blanks and comments.
std::size_t first_word(std::string_view text) {
    std::size_t at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    for (;;) {
        at = text.find_first_not_of(kBlanks, at);
        if (at == std::string_view::npos || text[at] != '#') return at;
        at = text.find('\n', at);
    }
}

// `{ "name": …`: no block of Nyx begins so.
bool is_json(std::string_view text) {
    constexpr std::size_t kLongestName = 200;
    if (text.starts_with('[')) text.remove_prefix(std::min(text.find_first_not_of(kBlanks, 1), text.size()));
    if (!text.starts_with('{')) return false;
    std::size_t name = text.find_first_not_of(kBlanks, 1);
    if (name == std::string_view::npos || text[name] != '"') return false;
    std::size_t end = text.substr(0, name + kLongestName).find('"', name + 1);
    if (end == std::string_view::npos) return false;
    std::size_t colon = text.find_first_not_of(kBlanks, end + 1);
    return colon != std::string_view::npos && text[colon] == ':';
}

bool is_xml(std::string_view text) {
    return text.size() > 1 && text[0] == '<' &&
           (std::isalpha(static_cast<unsigned char>(text[1])) || text[1] == '?' || text[1] == '!');
}

}  // namespace

std::optional<ForeignFile> foreign_file(std::string_view text) {
    std::size_t at = first_word(text);
    if (at == std::string_view::npos) return std::nullopt;
    auto begin = static_cast<std::uint32_t>(at);
    std::string_view rest = text.substr(at);
    if (is_json(rest)) return ForeignFile{"JSON", begin, begin + 1};
    if (is_xml(rest)) return ForeignFile{"XML", begin, begin + 1};
    constexpr std::string_view kQemu = "qemu-system-";
    if (rest.starts_with(kQemu) && rest.find_first_of(kBlanks) != std::string_view::npos) {
        return ForeignFile{"a command line", begin, static_cast<std::uint32_t>(at + rest.find_first_of(kBlanks))};
    }
    return std::nullopt;
}

}  // namespace nyx::syntax
