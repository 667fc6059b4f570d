#include "compiler/format/output.h"

#include <algorithm>

namespace nyx::format {

int width_of(std::string_view text) {
    auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
    return static_cast<int>(std::count_if(text.begin(), text.end(), begins));
}

void Output::newline(int indent) {
    if (!at_line_start_) {
        text_ += '\n';
        ++line_;
    }
    at_line_start_ = true;
    indent_ = indent;
}

void Output::blank_line() {
    if (text_.empty() || text_.ends_with("\n\n")) return;
    text_ += '\n';
    ++line_;
}

void Output::put(std::string_view text) {
    if (at_line_start_) {
        text_.append(static_cast<std::size_t>(indent_), ' ');
        column_ = indent_;
        at_line_start_ = false;
    }
    text_ += text;
    std::size_t last_line = text.rfind('\n');
    line_ += static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    if (last_line == std::string_view::npos)
        column_ += width_of(text);
    else
        column_ = width_of(text.substr(last_line + 1));
}

void Output::end_comment(std::string_view text) {
    comments_.push_back({text_.size(), line_, column_});
    put("  ");
    put(text);
}

// Comments at the ends of consecutive lines stand under each other; behind long lines they stand where they can.
std::string Output::finish() {
    if (!at_line_start_) text_ += '\n';
    std::string out;
    std::size_t copied = 0;
    for (std::size_t first = 0, last = 0; first < comments_.size(); first = last) {
        int column = 0;
        auto consecutive = [&](std::size_t i) { return comments_[i].line == comments_[first].line + (i - first); };
        for (last = first; last < comments_.size() && consecutive(last); ++last)
            if (comments_[last].column <= kCommentColumn) column = std::max(column, comments_[last].column);
        for (std::size_t i = first; i < last; ++i) {
            out.append(text_, copied, comments_[i].offset - copied);
            out.append(static_cast<std::size_t>(std::max(column - comments_[i].column, 0)), ' ');
            copied = comments_[i].offset;
        }
    }
    return out.append(text_, copied);
}

}  // namespace nyx::format
