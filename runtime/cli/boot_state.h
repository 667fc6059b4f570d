// From what a boot protocol says to what a vCPU is given.
#pragma once

#include "runtime/boot/initial_state.h"
#include "runtime/hv/registers.h"

namespace nyx::cli {

hv::CpuState cpu_state(const boot::InitialState& initial);

}  // namespace nyx::cli
