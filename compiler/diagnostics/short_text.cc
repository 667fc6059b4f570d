#include "compiler/diagnostics/short_text.h"

#include <string_view>

namespace nyx::diagnostics {

namespace {

bool continues_character(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// Two thirds of `most` bytes from the beginning and one third from the end.
std::string without_middle(std::string_view text, std::size_t most) {
    if (text.size() <= most) return std::string(text);
    std::size_t head = most * 2 / 3;
    std::size_t tail = text.size() - most / 3;
    while (head > 0 && continues_character(text[head])) --head;
    while (tail < text.size() && continues_character(text[tail])) ++tail;
    return std::string(text.substr(0, head)) + "…" + std::string(text.substr(tail));
}

}  // namespace

std::string short_text(std::string text) {
    if (text.size() <= kMaxWord) return text;
    std::string out;
    std::string_view rest = text;
    while (!rest.empty()) {
        std::size_t end = rest.find(' ');
        std::size_t size = end == std::string_view::npos ? rest.size() : end + 1;
        out += without_middle(rest.substr(0, size), kMaxWord);
        rest.remove_prefix(size);
    }
    return without_middle(out, kMaxText);
}

}  // namespace nyx::diagnostics
