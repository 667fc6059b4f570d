// What the instructions of the system share: they are rare, end their block, and do their work in a function that says
// whether it could.
#pragma once

#include "runtime/soft/access.h"
#include "runtime/soft/decode/lowering.h"
#include "runtime/soft/descriptors.h"

namespace nyx::soft {

using Work = bool (*)(Cpu&, const Op*);

// The next instruction is the one behind this one.
template <Work kWork>
void then_next(Cpu& cpu, const Op* op) {
    const std::uint64_t next = cpu.rip_after(op);
    if (!kWork(cpu, op)) return stop_at(cpu, op);
    return jump(cpu, next);
}
// The work sets RIP.
template <Work kWork>
void then_elsewhere(Cpu& cpu, const Op* op) {
    if (!kWork(cpu, op)) return stop_at(cpu, op);
}

// #GP(0) unless the CPL is 0.
inline bool require_level_0(Cpu& cpu) {
    return cpu.cpl == 0 || fail_with(cpu, kGeneralProtection, 0);
}
// #UD in real and virtual-8086 mode.
inline bool require_protected(Cpu& cpu) {
    if (cpu.is_protected()) return true;
    cpu.raise(kInvalidOpcode);
    return false;
}
inline bool invalid(Cpu& cpu) {
    cpu.raise(kInvalidOpcode);
    return false;
}

// Ends the block with this function.
inline bool ends_with(Lowering& l, Run run) {
    l.op.run = run;
    l.ends_block = true;
    return true;
}
template <Work kWork>
bool lower_next(Lowering& l) {
    return ends_with(l, &then_next<kWork>);
}

// An operand that is a register (op.dst or op.src) or memory. Which one is in op.scale's upper bit.
inline constexpr std::uint8_t kIsMemory = 0x80;

// Of `size` bytes; memory is read with Segmented addresses.
std::optional<std::uint64_t> read_operand(Cpu& cpu, const Op* op, unsigned size);
// To memory, `memory_size` bytes; to a register, `register_size` (4 clears the upper half).
bool write_operand(Cpu& cpu, const Op* op, std::uint64_t value, unsigned register_size, unsigned memory_size);
// Prepares an operand for these two.
void take_operand(Lowering& l, unsigned operand);
// The linear address of the memory operand, moved by `offset`.
std::optional<std::uint64_t> operand_address(Cpu& cpu, const Op* op, std::uint64_t offset, unsigned size, Touch touch);

}  // namespace nyx::soft
