// Between the CPU's state and the values of runtime/hv.
#pragma once

#include "runtime/hv/registers.h"
#include "runtime/soft/cpu.h"

namespace nyx::soft {

hv::CpuState to_hv(const Cpu& cpu);
void from_hv(const hv::CpuState& state, Cpu& cpu);

}  // namespace nyx::soft
