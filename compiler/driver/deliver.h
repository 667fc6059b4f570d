// Where a command's result goes: a file, or standard output.
#pragma once

#include <string>

namespace nyx::driver {

// To `output`, whole or not at all; where that is empty, to standard output. Returns the exit status.
int deliver(const std::string& text, const std::string& output = {});

}  // namespace nyx::driver
