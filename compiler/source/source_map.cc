#include "compiler/source/source_map.h"

#include <algorithm>

#include "runtime/base/file.h"

namespace nyx::source {

static constexpr std::uint64_t kMaxSourceSize = 64u << 20;

Result<std::uint32_t> SourceMap::load(const std::string& path, bool is_stdlib) {
    for (std::uint32_t i = 0; i < file_count(); ++i) {
        if (files_[i]->path == path) return i;
    }
    NYX_ASSIGN(Bytes bytes, read_file(path, kMaxSourceSize));
    return add(path, std::string(as_text(bytes)), is_stdlib);
}

std::uint32_t SourceMap::add(std::string path, std::string text, bool is_stdlib) {
    auto file = std::make_unique<SourceFile>();
    file->path = std::move(path);
    file->text = std::move(text);
    file->is_stdlib = is_stdlib;
    file->line_starts.push_back(0);
    for (std::uint32_t i = 0; i < file->text.size(); ++i) {
        if (file->text[i] == '\n') file->line_starts.push_back(i + 1);
    }
    files_.push_back(std::move(file));
    return file_count() - 1;
}

static bool starts_code_point(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

// Counts from the last answer when that is in the same line: a line of 10 MB with a thousand findings is then still
// read once.
Position SourceMap::position(std::uint32_t index, std::uint32_t offset) const {
    const SourceFile& file = this->file(index);
    offset = std::min(offset, static_cast<std::uint32_t>(file.text.size()));
    auto after = std::upper_bound(file.line_starts.begin(), file.line_starts.end(), offset);
    std::uint32_t start = *(after - 1);
    bool same_line = last_.file == index && last_.line_start == start;
    if (!same_line) last_ = {index, start, start, 1};
    auto [from, to] = std::minmax(last_.offset, offset);
    auto between =
        static_cast<std::uint32_t>(std::count_if(file.text.begin() + from, file.text.begin() + to, starts_code_point));
    std::uint32_t column = offset < last_.offset ? last_.column - between : last_.column + between;
    last_ = {index, start, offset, column};
    return {static_cast<std::uint32_t>(after - file.line_starts.begin()), column};
}

std::string_view SourceMap::text(Span span) const {
    return std::string_view(file(span.file).text).substr(span.begin, span.end - span.begin);
}

std::string_view SourceMap::line(std::uint32_t index, std::uint32_t line) const {
    const SourceFile& file = this->file(index);
    std::uint32_t begin = file.line_starts.at(line - 1);
    std::string_view rest = std::string_view(file.text).substr(begin);
    rest = rest.substr(0, rest.find('\n'));
    if (!rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
    return rest;
}

}  // namespace nyx::source
