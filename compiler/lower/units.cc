#include "compiler/lower/units.h"

#include <algorithm>

namespace nyx::lower {

using script::Type;

static constexpr Unit kUnits[] = {
    {"B", Type::kSize, 1},
    {"kB", Type::kSize, 1000},
    {"KB", Type::kSize, 1000},
    {"MB", Type::kSize, 1000000},
    {"GB", Type::kSize, 1000000000},
    {"TB", Type::kSize, 1000000000000},
    {"KiB", Type::kSize, std::int64_t{1} << 10},
    {"MiB", Type::kSize, std::int64_t{1} << 20},
    {"GiB", Type::kSize, std::int64_t{1} << 30},
    {"TiB", Type::kSize, std::int64_t{1} << 40},
    {"ns", Type::kTime, 1},
    {"us", Type::kTime, 1000},
    {"ms", Type::kTime, 1000000},
    {"s", Type::kTime, 1000000000},
    {"min", Type::kTime, 60000000000},
    {"h", Type::kTime, 3600000000000},
    {"bit/s", Type::kRate, 1},
    {"kbit/s", Type::kRate, 1000},
    {"Mbit/s", Type::kRate, 1000000},
    {"Gbit/s", Type::kRate, 1000000000},
    {"Hz", Type::kFrequency, 1},
    {"kHz", Type::kFrequency, 1000},
    {"MHz", Type::kFrequency, 1000000},
    {"GHz", Type::kFrequency, 1000000000},
};

std::optional<Unit> find_unit(std::string_view name) {
    const auto* found = std::find_if(std::begin(kUnits), std::end(kUnits), [name](const Unit& u) { return u.name == name; });
    return found == std::end(kUnits) ? std::nullopt : std::optional(*found);
}

}  // namespace nyx::lower
