// The text of an open file as the editor sees it, and its positions: lines from 0, columns in the units that editor and
// server have agreed on (LSP 3.17, "Position", "PositionEncodingKind"). Any byte sequence is allowed; a byte that is
// not UTF-8 counts as one unit. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nyx::lsp {

struct Position {
    std::uint32_t line = 0;
    std::uint32_t character = 0;
    bool operator==(const Position&) const = default;
};

enum class Encoding : std::uint8_t { kUtf8, kUtf16, kUtf32 };

class Document {
  public:
    explicit Document(std::string text, Encoding encoding = Encoding::kUtf16);

    const std::string& text() const { return text_; }
    Encoding encoding() const { return encoding_; }
    // Byte offset; a line past the end is the end, a column past the end of its line is that line's end.
    std::size_t offset(Position position) const;
    Position position(std::size_t offset) const;
    // Replaces [begin, end); a reversed range is taken the right way round.
    void replace(Position begin, Position end, std::string_view with);

  private:
    struct Step;
    Step step(std::size_t at) const;
    void index_lines();

    std::string text_;
    Encoding encoding_;
    std::vector<std::size_t> line_starts_;
};

}  // namespace nyx::lsp
