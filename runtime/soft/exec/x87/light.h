// The frequent x87 instructions with only the registers they touch on the host's stack, where nothing can go wrong: the
// default control (all exceptions masked), nothing pending, registers that are in use.
#pragma once

#include "runtime/soft/cpu.h"

namespace nyx::soft {

// False: not one of them, or not now; nothing has changed. escape: the lower three bits of the first byte. memory: the
// operand. flags: AH is SF to CF, for the comparisons that set them.
bool run_lightly(X87State& x87, unsigned escape, unsigned modrm, std::uint8_t* memory, std::uint64_t& flags);

}  // namespace nyx::soft
