// Whole files of another language, told by how they begin.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace nyx::syntax {

struct ForeignFile {
    std::string_view language;  // "JSON"
    std::uint32_t begin = 0;    // of what tells it
    std::uint32_t end = 0;
};

std::optional<ForeignFile> foreign_file(std::string_view text);

}  // namespace nyx::syntax
