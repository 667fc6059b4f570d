#include "compiler/lsp/document.h"

#include <algorithm>

namespace nyx::lsp {

namespace {

struct Step {
    std::size_t bytes;
    std::uint32_t units;
};

// One code point at text[at]; only its length matters. RFC 3629 §3.
Step step(std::string_view text, std::size_t at) {
    auto lead = static_cast<unsigned char>(text[at]);
    std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (at + length > text.size()) return {1, 1};
    for (std::size_t i = 1; i < length; ++i) {
        if ((static_cast<unsigned char>(text[at + i]) & 0xC0) != 0x80) return {1, 1};
    }
    return {length, length == 4 ? 2u : 1u};
}

}  // namespace

Document::Document(std::string text) : text_(std::move(text)) {
    index_lines();
}

void Document::index_lines() {
    line_starts_.assign(1, 0);
    for (std::size_t i = 0; i < text_.size(); ++i) {
        if (text_[i] == '\n') line_starts_.push_back(i + 1);
    }
}

std::size_t Document::offset(Position position) const {
    if (position.line >= line_starts_.size()) return text_.size();
    std::size_t at = line_starts_[position.line];
    std::uint32_t units = 0;
    while (at < text_.size() && text_[at] != '\n' && units < position.character) {
        Step next = step(text_, at);
        at += next.bytes;
        units += next.units;
    }
    return at;
}

Position Document::position(std::size_t offset) const {
    offset = std::min(offset, text_.size());
    auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
    auto line = static_cast<std::uint32_t>(after - line_starts_.begin() - 1);
    std::uint32_t units = 0;
    for (std::size_t at = line_starts_[line]; at < offset;) {
        Step next = step(text_, at);
        at += next.bytes;
        units += next.units;
    }
    return {line, units};
}

void Document::replace(Position begin, Position end, std::string_view with) {
    std::size_t from = offset(begin);
    std::size_t to = offset(end);
    if (to < from) std::swap(from, to);
    text_.replace(from, to - from, with);
    index_lines();
}

}  // namespace nyx::lsp
