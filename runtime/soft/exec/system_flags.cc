// PUSHF, POPF, CLI, STI, CLAC, STAC (SDM volume 2; volume 3, §6.8.1, §20.2).
#include "runtime/soft/exec/stack.h"
#include "runtime/soft/exec/system.h"

namespace nyx::soft {
namespace {

bool may_use_flags(Cpu& cpu) {
    return !cpu.is_v86() || cpu.iopl() == 3 || fail_with(cpu, kGeneralProtection, 0);
}

template <class T>
void push_flags(Cpu& cpu, const Op* op) {
    if (!may_use_flags(cpu)) return stop_at(cpu, op);
    if (!push<T>(cpu, static_cast<T>(cpu.rflags() & ~(kVm | kRf)))) return stop_at(cpu, op);
    return go_on(cpu, op);
}

template <class T>
bool pop_flags(Cpu& cpu, const Op*) {
    T image = 0;
    if (!may_use_flags(cpu) || !pop<T>(cpu, image)) return false;
    std::uint64_t mask = kArithmeticFlags | kTf | kDf | kNt;
    if (sizeof(T) > 2) mask |= kAc | kId;
    if (cpu.cpl <= cpu.iopl()) mask |= kIf;
    if (cpu.cpl == 0) mask |= kIopl;
    cpu.set_rflags((cpu.rflags() & ~(mask | kRf)) | (image & mask));
    return true;
}

bool may_use_interrupt_flag(Cpu& cpu) {
    return cpu.cpl <= cpu.iopl() || fail_with(cpu, kGeneralProtection, 0);
}

void clear_interrupt_flag(Cpu& cpu, const Op* op) {
    if (!may_use_interrupt_flag(cpu)) return stop_at(cpu, op);
    cpu.other_flags &= ~kIf;
    return go_on(cpu, op);
}

// The instruction behind it is not interrupted either, if the flag was clear.
bool set_interrupt_flag(Cpu& cpu, const Op*) {
    if (!may_use_interrupt_flag(cpu)) return false;
    if ((cpu.other_flags & kIf) == 0) cpu.interrupt_shadow = true;
    cpu.other_flags |= kIf;
    return true;
}

template <bool kValue>
void change_access(Cpu& cpu, const Op* op) {
    if (cpu.cpl != 0) {
        cpu.raise(kInvalidOpcode);
        return stop_at(cpu, op);
    }
    cpu.other_flags = kValue ? cpu.other_flags | kAc : cpu.other_flags & ~kAc;
    cpu.mode_changed();
    return go_on(cpu, op);
}

template <Run kRun>
bool lower_in_block(Lowering& l) {
    l.op.segment = kSs;
    l.op.run = kRun;
    return true;
}

template <class T>
bool lower_pop_flags(Lowering& l) {
    l.op.segment = kSs;
    return ends_with(l, &then_next<pop_flags<T>>);
}

}  // namespace

void add_system_flags(InstructionTable& table) {
    table[ZYDIS_MNEMONIC_PUSHF] = &lower_in_block<push_flags<std::uint16_t>>;
    table[ZYDIS_MNEMONIC_PUSHFD] = &lower_in_block<push_flags<std::uint32_t>>;
    table[ZYDIS_MNEMONIC_PUSHFQ] = &lower_in_block<push_flags<std::uint64_t>>;
    table[ZYDIS_MNEMONIC_POPF] = &lower_pop_flags<std::uint16_t>;
    table[ZYDIS_MNEMONIC_POPFD] = &lower_pop_flags<std::uint32_t>;
    table[ZYDIS_MNEMONIC_POPFQ] = &lower_pop_flags<std::uint64_t>;
    table[ZYDIS_MNEMONIC_CLI] = &lower_in_block<clear_interrupt_flag>;
    table[ZYDIS_MNEMONIC_STI] = &lower_next<set_interrupt_flag>;
    table[ZYDIS_MNEMONIC_CLAC] = &lower_in_block<change_access<false>>;
    table[ZYDIS_MNEMONIC_STAC] = &lower_in_block<change_access<true>>;
}

}  // namespace nyx::soft
