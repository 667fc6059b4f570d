// Far JMP and CALL (Intel SDM volume 2, "Operation" of both; volume 3, §5.8).
#pragma once

#include "runtime/soft/descriptors.h"

namespace nyx::soft {

struct FarPointer {
    std::uint16_t selector = 0;
    std::uint64_t offset = 0;
    unsigned size = 2;  // of the instruction's operand: 2, 4, 8
    std::uint64_t next_rip = 0;
};

// Each sets CS:RIP, or raises.
bool far_jump(Cpu& cpu, const FarPointer& to);
bool far_call(Cpu& cpu, const FarPointer& to);

}  // namespace nyx::soft
