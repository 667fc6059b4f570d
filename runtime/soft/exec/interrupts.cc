// INT n, INT3, INTO, INT1, IRET, UD (SDM volume 2).
#include "runtime/soft/exec/system.h"
#include "runtime/soft/returns.h"

namespace nyx::soft {
namespace {

// SDM volume 3, §20.3.3: in virtual-8086 mode INT n belongs to level 3 only with IOPL 3.
bool interrupt(Cpu& cpu, const Op* op) {
    if (cpu.is_v86() && cpu.iopl() < 3) return fail_with(cpu, kGeneralProtection, 0);
    cpu.stop_with({static_cast<std::uint8_t>(op->imm), false, 0, 0, true, true});
    return false;
}

bool breakpoint(Cpu& cpu, const Op*) {
    cpu.stop_with({kBreakpoint, false, 0, 0, true, true});
    return false;
}

bool overflow(Cpu& cpu, const Op*) {
    if (!cpu.flags.of()) return true;
    cpu.stop_with({kOverflow, false, 0, 0, true, true});
    return false;
}

// SDM volume 3, §6.4.4: unlike the others, as if hardware had found it.
bool debug(Cpu& cpu, const Op*) {
    cpu.stop_with({kDebug, false, 0, 0, true, false});
    return false;
}

bool undefined(Cpu& cpu, const Op*) {
    return invalid(cpu);
}

bool iret(Cpu& cpu, const Op* op) {
    return interrupt_return(cpu, static_cast<unsigned>(op->imm), cpu.rip_after(op));
}

bool lower_int(Lowering& l) {
    l.op.imm = l.immediate(0) & 0xFF;
    return ends_with(l, &then_next<interrupt>);
}

bool lower_into(Lowering& l) {
    return l.mode.code_bits != 64 && ends_with(l, &then_next<overflow>);
}

template <unsigned kSize>
bool lower_iret(Lowering& l) {
    l.op.imm = kSize;
    return ends_with(l, &then_elsewhere<iret>);
}

}  // namespace

void add_interrupts(InstructionTable& table) {
    table[ZYDIS_MNEMONIC_INT] = &lower_int;
    table[ZYDIS_MNEMONIC_INT3] = &lower_next<breakpoint>;
    table[ZYDIS_MNEMONIC_INT1] = &lower_next<debug>;
    table[ZYDIS_MNEMONIC_INTO] = &lower_into;
    table[ZYDIS_MNEMONIC_IRET] = &lower_iret<2>;
    table[ZYDIS_MNEMONIC_IRETD] = &lower_iret<4>;
    table[ZYDIS_MNEMONIC_IRETQ] = &lower_iret<8>;
    for (ZydisMnemonic none : {ZYDIS_MNEMONIC_UD0, ZYDIS_MNEMONIC_UD1, ZYDIS_MNEMONIC_UD2})
        table[none] = &lower_next<undefined>;
}

}  // namespace nyx::soft
