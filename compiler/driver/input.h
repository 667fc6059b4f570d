// What a command reads: a file, or standard input.
#pragma once

#include <string>

#include "runtime/base/result.h"

namespace nyx::driver {

// path "-" is standard input. More than `most` bytes are an error.
Result<std::string> read_input(const std::string& path, std::size_t most);

}  // namespace nyx::driver
