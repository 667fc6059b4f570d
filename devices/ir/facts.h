// What a device may know of the machine that it is in: settings that no author gives (Setting::of_machine), by name.
#pragma once

#include <cstdint>
#include <string_view>

namespace nyx::dev::ir {

struct Fact {
    std::string_view name;
    unsigned bits = 64;
    std::uint64_t usual = 0;  // where no machine says it: in the device's own tests
};

inline constexpr Fact kFacts[] = {
    {"memory_below_4g", 64, 0},  // bytes of RAM
    {"memory_above_4g", 64, 0},
    {"cpus", 16, 1},
    {"line", 8, 16},  // number of the device's first interrupt line
};

}  // namespace nyx::dev::ir
