// The guest's MXCSR (SDM volume 1, §10.2.3).
//
// While a CPU runs, some of its flags are in the host's register only: these are the ways to the whole of it.
#pragma once

#include "runtime/soft/cpu.h"

namespace nyx::soft {

inline constexpr std::uint32_t kMxcsrMasks = 0x1F80;
inline constexpr std::uint32_t kMxcsrValid = 0xFFFF;  // what MXCSR_MASK says; other bits are #GP

inline std::uint32_t mxcsr(Cpu& cpu) {
    collect_mxcsr(cpu.vector);
    return cpu.vector.mxcsr;
}
inline void set_mxcsr(Cpu& cpu, std::uint32_t value) {
    _mm_setcsr(kHostMxcsr);
    cpu.vector.mxcsr = value;
}

}  // namespace nyx::soft
