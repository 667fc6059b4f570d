// The whole state of a software CPU as saved state, between two instructions.
#pragma once

#include "devices/kit/state.h"
#include "runtime/soft/cpu.h"

namespace nyx::soft {

dev::StateUnit save_cpu(const Cpu& cpu);
// kCorrupt: it is not what save_cpu() writes, and nothing has changed. Derived state is dropped.
Status restore_cpu(const dev::StateUnit& unit, Cpu& cpu);

}  // namespace nyx::soft
