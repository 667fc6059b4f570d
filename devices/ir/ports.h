// What a machine can give a device: one way out for bytes, one stream of bytes in, and some events by their names.
#pragma once

#include <string_view>

#include "devices/ir/program.h"

namespace nyx::dev::ir {

// Events (sources without a value).
inline constexpr std::string_view kLineBreak = "line_break", kPowerButton = "power_button";

// Whether a machine has everything that the program's sinks, sources and queries are for. Others are for who knows
// them: tests, wiring.
bool is_served_by_machine(const Program& program);

}  // namespace nyx::dev::ir
