// Which machine of a file is meant, where a command takes one.
#pragma once

#include <string>

#include "compiler/driver/pipeline.h"
#include "runtime/base/result.h"

namespace nyx::driver {

// The index in checked.machines of the one named; name empty: of the only one.
Result<std::size_t> choose_machine(const Checked& checked, const std::string& file, const std::string& name);

}  // namespace nyx::driver
