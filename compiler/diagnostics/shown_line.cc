#include "compiler/diagnostics/shown_line.h"

#include <algorithm>
#include <vector>

namespace nyx::diagnostics {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view kControl = "\xC2\xB7";          // middle dot
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

// Bytes of the well-formed code point at the front (Unicode 15, table 3-7, without the finer limits of E0, F0 …), or 0.
std::size_t code_point_size(std::string_view text) {
    auto byte = static_cast<unsigned char>(text[0]);
    std::size_t size = byte < 0x80 ? 1 : byte < 0xC2 ? 0 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : byte < 0xF5 ? 4 : 0;
    if (size == 0 || size > text.size()) return 0;
    for (std::size_t i = 1; i < size; ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) return 0;
    }
    return size;
}

// C0, DEL, and C1 (which terminals also obey).
bool is_control(std::string_view point) {
    auto first = static_cast<unsigned char>(point[0]);
    bool c1 = point.size() == 2 && first == 0xC2 && static_cast<unsigned char>(point[1]) < 0xA0;
    return c1 || (point.size() == 1 && (first < 0x20 || first == 0x7F));
}

struct Point {
    std::size_t size;        // bytes in the source
    std::string_view shown;  // one column each, but a tab is four
};

Point next_point(std::string_view text) {
    std::size_t size = code_point_size(text);
    if (size == 0) return {1, kReplacement};
    if (text[0] == '\t') return {1, "    "};
    return {size, is_control(text.substr(0, size)) ? kControl : text.substr(0, size)};
}

std::size_t columns(const Point& point) {
    return point.shown == "    " ? 4 : 1;
}

}  // namespace

ShownLine show_line(std::string_view line, std::size_t begin, std::size_t end) {
    begin = std::min(begin, line.size());
    end = std::clamp(end, begin, line.size());
    // Of a long line, what stands near the span: a code point has at most 4 bytes, so this is enough to fill the width.
    std::size_t first = 0;
    if (begin > kMaxShown / 2) {
        first = begin - std::min(begin, kMaxShown / 2);
        while (first < begin && (static_cast<unsigned char>(line[first]) & 0xC0) == 0x80) ++first;
    }
    if (line.size() <= kMaxShown) first = 0;
    ShownLine shown;
    if (first > 0) shown.text += kEllipsis;
    std::size_t column = first > 0 ? 1 : 0;
    std::size_t mark_end = 0;
    std::size_t at = first;
    shown.begin = column;
    for (; at < line.size() && column < kMaxShown;) {
        if (at <= begin) shown.begin = column;
        Point point = next_point(line.substr(at));
        shown.text += point.shown;
        column += columns(point);
        at += point.size;
        if (at <= end) mark_end = column;
    }
    if (at <= begin) shown.begin = column;
    if (at < line.size()) {
        shown.text += kEllipsis;
        if (end >= at) mark_end = column;
    }
    shown.width = std::max<std::size_t>(mark_end > shown.begin ? mark_end - shown.begin : 0, 1);
    return shown;
}

std::string safe_text(std::string_view text) {
    std::string safe;
    while (!text.empty()) {
        Point point = next_point(text);
        safe += point.shown;
        text.remove_prefix(point.size);
    }
    return safe;
}

}  // namespace nyx::diagnostics
