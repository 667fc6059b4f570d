// A device's registers as a C header, for guests that drive it: offsets, masks and shifts, with the documentation.
#pragma once

#include <string>

#include "devices/ir/program.h"

namespace nyx::device {

// Pure; ends with a line break.
std::string c_header(const dev::ir::Program& program);

}  // namespace nyx::device
