// The events that this build's runtime tells handlers of (`on reset (ctx) { … }`). stdlib/events.ny declares them, and
// more; nyxc refuses to build a handler of one that is not here.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace nyx::script {

inline constexpr std::array<std::string_view, 6> kMachineEvents = {"guest_exit",  "panic",    "reset",
                                                                   "serial_line", "shutdown", "triple_fault"};

inline bool is_machine_event(std::string_view name) {
    return std::find(kMachineEvents.begin(), kMachineEvents.end(), name) != kMachineEvents.end();
}

}  // namespace nyx::script
