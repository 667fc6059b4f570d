// SYSCALL, SYSRET, SYSENTER, SYSEXIT (SDM volume 2; volume 3, §5.8.7 and §5.8.8; AMD APM volume 3 for legacy modes).
#include "runtime/soft/exec/system.h"

namespace nyx::soft {
namespace {

// What these instructions put into CS and SS without looking at the GDT: no base, no limit.
Segment flat_segment(std::uint64_t selector, unsigned type, unsigned level, unsigned more) {
    Segment made;
    made.limit = 0xFFFFFFFF;
    made.selector = static_cast<std::uint16_t>((selector & 0xFFFC) | level);
    made.access = static_cast<std::uint16_t>(type | Segment::kS | level << 5 | Segment::kPresent | Segment::kG | more);
    return made;
}

void enter(Cpu& cpu, std::uint64_t cs, std::uint64_t ss, unsigned level, bool is_64) {
    cpu.segments[kCs] = flat_segment(cs, 0xB, level, is_64 ? Segment::kL : Segment::kDb);
    cpu.segments[kSs] = flat_segment(ss, 3, level, Segment::kDb);
    cpu.set_cpl(level);
}

bool is_offered(Cpu& cpu) {
    // Intel has them in 64-bit code only.
    bool ok = (cpu.control.efer & kEferSce) != 0 && cpu.is_protected() && (cpu.is_64() || cpu.is_amd());
    return ok || invalid(cpu);
}

bool system_call(Cpu& cpu, const Op* op) {
    if (!is_offered(cpu)) return false;
    const MsrState& msr = cpu.msr;
    const std::uint64_t next = cpu.rip_after(op);
    if (cpu.is_long()) {
        cpu.gpr[kRcx] = next;
        cpu.gpr[kR11] = cpu.rflags() & ~kRf;
        cpu.rip = cpu.is_64() ? msr.lstar : msr.cstar;
        cpu.set_rflags(cpu.rflags() & ~(msr.sfmask | kRf));
    } else {
        set<std::uint32_t>(cpu, kRcx * 8, static_cast<std::uint32_t>(next));
        cpu.rip = msr.star & 0xFFFFFFFF;
        cpu.set_rflags(cpu.rflags() & ~(kVm | kIf | kRf));
    }
    enter(cpu, msr.star >> 32, (msr.star >> 32) + 8, 0, cpu.is_long());
    cpu.trap_by_new_flags();
    return true;
}

// op->imm: with a 64-bit operand.
bool system_return(Cpu& cpu, const Op* op) {
    if (!is_offered(cpu) || !require_level_0(cpu)) return false;
    const bool to_64 = op->imm != 0;
    const std::uint64_t selector = cpu.msr.star >> 48;
    const std::uint64_t target = to_64 ? cpu.gpr[kRcx] : cpu.gpr[kRcx] & 0xFFFFFFFF;
    // AMD faults at the target instead, in the caller's level.
    if (to_64 && !cpu.is_amd() && !is_canonical(target)) return fail_with(cpu, kGeneralProtection, 0);
    cpu.rip = target;
    cpu.set_rflags(cpu.is_long() ? cpu.gpr[kR11] & 0x3C7FD7 : cpu.rflags() | kIf);
    enter(cpu, to_64 ? selector + 16 : selector, selector + 8, 3, to_64);
    cpu.trap_by_new_flags();
    return true;
}

bool fast_enter(Cpu& cpu, const Op*) {
    if (cpu.is_amd() && cpu.is_long()) return invalid(cpu);
    const MsrState& msr = cpu.msr;
    bool is_real = (cpu.control.cr0 & kCr0Pe) == 0;
    if (is_real || (msr.sysenter_cs & 0xFFFC) == 0) return fail_with(cpu, kGeneralProtection, 0);
    std::uint64_t mask = cpu.is_long() ? ~0ull : 0xFFFFFFFF;
    cpu.rip = msr.sysenter_eip & mask;
    cpu.gpr[kRsp] = msr.sysenter_esp & mask;
    cpu.set_rflags(cpu.rflags() & ~(kVm | kIf | kRf));
    enter(cpu, msr.sysenter_cs, msr.sysenter_cs + 8, 0, cpu.is_long());
    return true;
}

bool fast_exit(Cpu& cpu, const Op* op) {
    if (cpu.is_amd() && cpu.is_long()) return invalid(cpu);
    const std::uint64_t cs = cpu.msr.sysenter_cs;
    if (!cpu.is_protected() || cpu.cpl != 0 || (cs & 0xFFFC) == 0) return fail_with(cpu, kGeneralProtection, 0);
    const bool to_64 = op->imm != 0;
    const std::uint64_t mask = to_64 ? ~0ull : 0xFFFFFFFF;
    const std::uint64_t target = cpu.gpr[kRdx] & mask;
    const std::uint64_t stack = cpu.gpr[kRcx] & mask;
    if (!is_canonical(target) || !is_canonical(stack)) return fail_with(cpu, kGeneralProtection, 0);
    cpu.rip = target;
    cpu.gpr[kRsp] = stack;
    enter(cpu, cs + (to_64 ? 32 : 16), cs + (to_64 ? 40 : 24), 3, to_64);
    return true;
}

template <Work kWork>
bool lower_call(Lowering& l) {
    l.op.imm = l.instruction.raw.rex.W;
    return ends_with(l, &then_elsewhere<kWork>);
}

}  // namespace

void add_system_calls(InstructionTable& table) {
    table[ZYDIS_MNEMONIC_SYSCALL] = &lower_call<system_call>;
    table[ZYDIS_MNEMONIC_SYSRET] = &lower_call<system_return>;
    table[ZYDIS_MNEMONIC_SYSENTER] = &lower_call<fast_enter>;
    table[ZYDIS_MNEMONIC_SYSEXIT] = &lower_call<fast_exit>;
}

}  // namespace nyx::soft
