#include "runtime/soft/cpu_layout.h"

#include <cstddef>

#include "runtime/soft/cpu.h"

namespace nyx::soft {

// Every compiler for Linux gives these classes fixed places, although the standard does not ask for it.
#pragma GCC diagnostic ignored "-Winvalid-offsetof"
#define NYX_FIELD(Class, name) {offsetof(Class, name), sizeof(Class::name)}

CpuLayout CpuLayout::of_this_build() {
    CpuLayout layout;
    layout.cpu_size = sizeof(Cpu);
    layout.block_size = sizeof(Block);
    layout.op_size = sizeof(Op);
    layout.gpr = NYX_FIELD(Cpu, gpr);
    layout.rip = NYX_FIELD(Cpu, rip);
    layout.flags = NYX_FIELD(Cpu, flags);
    layout.vector = NYX_FIELD(Cpu, vector);
    layout.x87 = NYX_FIELD(Cpu, x87);
    layout.unit_fault = NYX_FIELD(Cpu, unit_fault);
    layout.scratch = NYX_FIELD(Cpu, scratch);
    layout.instructions = NYX_FIELD(Cpu, instructions);
    layout.attention = NYX_FIELD(Cpu, attention_);
    layout.tlb = NYX_FIELD(Cpu, tlb_);
    layout.mode = NYX_FIELD(Cpu, mode_);
    layout.stop = NYX_FIELD(Cpu, stop_);
    layout.exception = NYX_FIELD(Cpu, exception_);
    layout.slow = NYX_FIELD(Cpu, slow_);
    layout.chain_end = NYX_FIELD(Cpu, chain_end_);
    layout.block = NYX_FIELD(Cpu, block_);
    layout.counted_from = NYX_FIELD(Cpu, counted_from_);
    return layout;
}

}  // namespace nyx::soft
