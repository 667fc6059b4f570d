// Globally unique identifiers as text: "8a3f2c1e-5b7d-4e90-a1c2-3d4e5f607182".
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace nyx {

// In memory as Microsoft has it: the first three groups are little-endian numbers, the others bytes as they are
// written.
using Guid = std::array<std::uint8_t, 16>;

// Nothing: the text is none. Letters may be small or capital.
std::optional<Guid> parse_guid(std::string_view text);

}  // namespace nyx
