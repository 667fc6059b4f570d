// The part of verify() that looks into code.
#pragma once

#include "devices/ir/program.h"
#include "runtime/base/result.h"

namespace nyx::dev::ir {

// The state, sinks and timers of `program` have been checked.
Status verify_function(const Program& program, const Function& function);

}  // namespace nyx::dev::ir
