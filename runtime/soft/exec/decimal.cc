// AAA, AAS, AAM, AAD, DAA, DAS (SDM volume 2); not in 64-bit code.
//
// Flags that the manual leaves undefined are as on AMD's processors: those of the addition or subtraction that is made.
#include "runtime/soft/exec/forms.h"

namespace nyx::soft {
namespace {

std::uint8_t al(const Cpu& cpu) {
    return get<std::uint8_t>(cpu, kRax * 8);
}
std::uint16_t ax(const Cpu& cpu) {
    return get<std::uint16_t>(cpu, kRax * 8);
}
void set_al(Cpu& cpu, unsigned value) {
    set<std::uint8_t>(cpu, kRax * 8, static_cast<std::uint8_t>(value));
}
void set_ax(Cpu& cpu, unsigned value) {
    set<std::uint16_t>(cpu, kRax * 8, static_cast<std::uint16_t>(value));
}

// The flags of a + b or a - b, but for CF and AF.
template <bool kAdd, class T>
void set_flags(Cpu& cpu, T b, T r, std::uint64_t carries) {
    cpu.flags.set<T>(kAdd ? FlagKind::kAdd : FlagKind::kSub, r, b);
    cpu.flags.set_mixed<T>(r, flag_if(cpu.flags.of(), kOf) | carries);
}

// A digit in AL after an addition or a subtraction; the carry goes to AH.
template <bool kAdd>
void adjust_digit(Cpu& cpu, const Op* op) {
    const bool carries = (al(cpu) & 0xF) > 9 || cpu.flags.af();
    const std::uint16_t by = carries ? 0x106 : 0;
    auto r = static_cast<std::uint16_t>(kAdd ? ax(cpu) + by : ax(cpu) - by);
    set_ax(cpu, r & 0xFF0Fu);
    set_flags<kAdd>(cpu, by, r, flag_if(carries, kCf | kAf));
    return go_on(cpu, op);
}

// Two digits in AL.
template <bool kAdd>
void adjust_digits(Cpu& cpu, const Op* op) {
    const std::uint8_t before = al(cpu);
    const bool low = (before & 0xF) > 9 || cpu.flags.af();
    const bool high = before > 0x99 || cpu.flags.cf();
    // Taking 6 from less than 6 borrows, and that too is a carry.
    const bool borrows = !kAdd && low && before < 6;
    const auto by = static_cast<std::uint8_t>((low ? 6 : 0) + (high ? 0x60 : 0));
    auto r = static_cast<std::uint8_t>(kAdd ? before + by : before - by);
    set_al(cpu, r);
    set_flags<kAdd>(cpu, by, r, flag_if(high || borrows, kCf) | flag_if(low, kAf));
    return go_on(cpu, op);
}

void divide_to_digits(Cpu& cpu, const Op* op) {
    auto base = static_cast<std::uint8_t>(op->imm);
    if (base == 0) {
        cpu.raise(kDivideError);
        return stop_at(cpu, op);
    }
    std::uint8_t value = al(cpu);
    set_ax(cpu, static_cast<unsigned>(value / base) << 8 | static_cast<unsigned>(value % base));
    cpu.flags.set_logic<std::uint8_t>(al(cpu));
    return go_on(cpu, op);
}

void digits_to_binary(Cpu& cpu, const Op* op) {
    auto tens = static_cast<std::uint8_t>((ax(cpu) >> 8) * (op->imm & 0xFF));
    auto r = static_cast<std::uint8_t>(al(cpu) + tens);
    set_ax(cpu, r);
    cpu.flags.set<std::uint8_t>(FlagKind::kAdd, r, tens);
    return go_on(cpu, op);
}

template <Run kRun>
bool lower_decimal(Lowering& l) {
    if (l.is_immediate(0)) l.op.imm = l.immediate(0);
    l.op.run = kRun;
    return true;
}

}  // namespace

void add_decimal(InstructionTable& table) {
    table[ZYDIS_MNEMONIC_AAA] = &lower_decimal<&adjust_digit<true>>;
    table[ZYDIS_MNEMONIC_AAS] = &lower_decimal<&adjust_digit<false>>;
    table[ZYDIS_MNEMONIC_AAM] = &lower_decimal<&divide_to_digits>;
    table[ZYDIS_MNEMONIC_AAD] = &lower_decimal<&digits_to_binary>;
    table[ZYDIS_MNEMONIC_DAA] = &lower_decimal<&adjust_digits<true>>;
    table[ZYDIS_MNEMONIC_DAS] = &lower_decimal<&adjust_digits<false>>;
}

}  // namespace nyx::soft
