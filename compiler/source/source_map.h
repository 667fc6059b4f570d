// Every source text of one compilation, and the way from a byte offset to a line and column.
//
// A file is added once and never changes; references to its text stay valid as long as the map lives. Not thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/base/span.h"

namespace nyx::source {

// Both count from 1. column counts Unicode code points; a byte that is not UTF-8 counts as one.
struct Position {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
};

struct SourceFile {
    std::string path;  // as the user named it, or "<name>" for text that is not a file
    std::string text;
    std::vector<std::uint32_t> line_starts;  // byte offsets; the first is 0
    bool is_stdlib = false;                  // messages about a user's mistake point past these files
};

class SourceMap {
  public:
    // Reads a file of at most 64 MiB; the same path gives the same index again.
    Result<std::uint32_t> load(const std::string& path, bool is_stdlib = false);
    std::uint32_t add(std::string path, std::string text, bool is_stdlib = false);

    const SourceFile& file(std::uint32_t index) const { return *files_.at(index); }
    std::uint32_t file_count() const { return static_cast<std::uint32_t>(files_.size()); }

    Position position(std::uint32_t file, std::uint32_t offset) const;
    std::string_view text(Span span) const;
    // The whole line (without its end) that has this number, counted from 1.
    std::string_view line(std::uint32_t file, std::uint32_t line) const;

  private:
    struct LastPosition {
        std::uint32_t file = 0xFFFFFFFF;
        std::uint32_t line_start = 0;
        std::uint32_t offset = 0;
        std::uint32_t column = 1;
    };

    std::vector<std::unique_ptr<SourceFile>> files_;
    mutable LastPosition last_;
};

}  // namespace nyx::source
