// Units of quantities, and how many base units each is (docs/language.md §1): bytes, nanoseconds, bits per second, hertz.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "runtime/script/value.h"

namespace nyx::lower {

struct Unit {
    std::string_view name;
    script::Type dimension;
    std::int64_t base_units;
};

std::optional<Unit> find_unit(std::string_view name);

}  // namespace nyx::lower
