#include "compiler/lsp/document.h"

#include <algorithm>

namespace nyx::lsp {

// How far one code point goes, in bytes and in the units of columns.
struct Document::Step {
    std::size_t bytes;
    std::uint32_t units;
};

// Only the length of the code point at text[at] matters. RFC 3629 §3.
Document::Step Document::step(std::size_t at) const {
    auto lead = static_cast<unsigned char>(text_[at]);
    std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (at + length > text_.size()) return {1, 1};
    for (std::size_t i = 1; i < length; ++i) {
        if ((static_cast<unsigned char>(text_[at + i]) & 0xC0) != 0x80) return {1, 1};
    }
    if (encoding_ == Encoding::kUtf8) return {length, static_cast<std::uint32_t>(length)};
    return {length, length == 4 && encoding_ == Encoding::kUtf16 ? 2u : 1u};
}

Document::Document(std::string text, Encoding encoding) : text_(std::move(text)), encoding_(encoding) {
    index_lines();
}

void Document::index_lines() {
    line_starts_.assign(1, 0);
    for (std::size_t i = 0; i < text_.size(); ++i) {
        bool alone = text_[i] == '\r' && (i + 1 == text_.size() || text_[i + 1] != '\n');
        if (text_[i] == '\n' || alone) line_starts_.push_back(i + 1);
    }
}

std::size_t Document::offset(Position position) const {
    if (position.line >= line_starts_.size()) return text_.size();
    std::size_t at = line_starts_[position.line];
    std::uint32_t units = 0;
    while (at < text_.size() && text_[at] != '\n' && text_[at] != '\r' && units < position.character) {
        Step next = step(at);
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
        Step next = step(at);
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
