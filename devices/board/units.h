// Saved units of a board, by their paths.
#pragma once

#include <algorithm>
#include <span>
#include <string_view>

#include "devices/kit/state.h"
#include "runtime/base/result.h"

namespace nyx::dev::board {

// kCorrupt: it is missing.
inline Result<const StateUnit*> find_unit(std::span<const StateUnit> units, std::string_view path) {
    const auto found = std::ranges::find(units, path, &StateUnit::path);
    if (found == units.end()) return fail(ErrorCode::kCorrupt, "saved state: '{}' is missing", path);
    return &*found;
}

// Of a part that is not described: kCorrupt where it is another's, or of another version.
inline Result<const StateUnit*> find_unit(std::span<const StateUnit> units, std::string_view path,
                                          std::string_view type, std::uint32_t version) {
    NYX_ASSIGN(const StateUnit* unit, find_unit(units, path));
    if (unit->type == type && unit->version == version) return unit;
    return fail(ErrorCode::kCorrupt, "saved state: '{}' is a {} of version {}", path, unit->type, unit->version);
}

}  // namespace nyx::dev::board
