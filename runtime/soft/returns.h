// IRET and far RET (Intel SDM volume 2, "Operation" of both; volume 3, §5.8.6, §6.14.3, §20.2.2).
//
// Each sets CS:RIP and the stack, or raises and has changed nothing. size: of a slot on the stack, 2, 4 or 8 bytes.
#pragma once

#include "runtime/soft/descriptors.h"

namespace nyx::soft {

// next_rip: where a task that returns to another one goes on later.
bool interrupt_return(Cpu& cpu, unsigned size, std::uint64_t next_rip);
// release: bytes of parameters.
bool far_return(Cpu& cpu, unsigned size, unsigned release);

// Shared with far jumps and calls: `rip` must be inside of the code segment or canonical.
bool check_target(Cpu& cpu, const Descriptor& code, std::uint64_t rip);

}  // namespace nyx::soft
