// CBW, CWDE, CDQE, CWD, CDQ, CQO, XLAT, BOUND (SDM volume 2).
#include "runtime/soft/exec/forms.h"

namespace nyx::soft {
namespace {

// The accumulator's lower half, with its sign, in all of it.
template <class T, class Half>
void extend_accumulator(Cpu& cpu, const Op* op) {
    auto half = static_cast<std::make_signed_t<Half>>(get<Half>(cpu, kRax * 8));
    set<T>(cpu, kRax * 8, static_cast<T>(half));
    return go_on(cpu, op);
}

// rDX gets the accumulator's sign.
template <class T>
void extend_into_data(Cpu& cpu, const Op* op) {
    set<T>(cpu, kRdx * 8, top_bit(get<T>(cpu, kRax * 8)) ? static_cast<T>(~T{0}) : T{0});
    return go_on(cpu, op);
}

template <Run kRun>
bool lower_plain(Lowering& l) {
    l.op.run = kRun;
    return true;
}

// AL = [rBX + AL].
void translate_byte(Cpu& cpu, const Op* op) {
    std::uint64_t offset = cpu.gpr[kRbx] + get<std::uint8_t>(cpu, kRax * 8);
    if (op->address_bits != 64) offset &= (std::uint64_t{1} << op->address_bits) - 1;
    auto linear = cpu.linear_address(op->segment, offset, 1, Touch::kRead);
    std::uint8_t value;
    if (!linear || !cpu.load(*linear, value)) return stop_at(cpu, op);
    set<std::uint8_t>(cpu, kRax * 8, value);
    return go_on(cpu, op);
}

bool lower_xlat(Lowering& l) {
    for (unsigned i = 0; i < l.instruction.operand_count; ++i)
        if (l.is_memory(i)) l.address(i);
    l.op.run = &translate_byte;
    return true;
}

// The lower bound is at the operand's address, the upper one behind it.
template <class T>
void bound(Cpu& cpu, const Op* op) {
    auto at = [&cpu, op](std::uint64_t behind) {
        std::uint64_t offset = effective_offset(cpu, op) + behind;
        if (op->address_bits == 16) offset &= 0xFFFF;
        return cpu.linear_address(op->segment, offset & 0xFFFFFFFF, sizeof(T), Touch::kRead);
    };
    T lower, upper;
    auto first = at(0);
    if (!first || !cpu.load(*first, lower)) return stop_at(cpu, op);
    auto second = at(sizeof(T));
    if (!second || !cpu.load(*second, upper)) return stop_at(cpu, op);
    using Signed = std::make_signed_t<T>;
    auto index = static_cast<Signed>(get<T>(cpu, op->dst));
    if (index < static_cast<Signed>(lower) || index > static_cast<Signed>(upper)) {
        cpu.raise(kBoundRange);
        return stop_at(cpu, op);
    }
    return go_on(cpu, op);
}

bool lower_bound(Lowering& l) {
    l.op.dst = l.general(0);
    l.address(1);
    l.op.run = l.bits(0) == 16 ? &bound<std::uint16_t> : &bound<std::uint32_t>;
    return true;
}

}  // namespace

void add_conversions(InstructionTable& table) {
    table[ZYDIS_MNEMONIC_CBW] = &lower_plain<&extend_accumulator<std::uint16_t, std::uint8_t>>;
    table[ZYDIS_MNEMONIC_CWDE] = &lower_plain<&extend_accumulator<std::uint32_t, std::uint16_t>>;
    table[ZYDIS_MNEMONIC_CDQE] = &lower_plain<&extend_accumulator<std::uint64_t, std::uint32_t>>;
    table[ZYDIS_MNEMONIC_CWD] = &lower_plain<&extend_into_data<std::uint16_t>>;
    table[ZYDIS_MNEMONIC_CDQ] = &lower_plain<&extend_into_data<std::uint32_t>>;
    table[ZYDIS_MNEMONIC_CQO] = &lower_plain<&extend_into_data<std::uint64_t>>;
    table[ZYDIS_MNEMONIC_XLAT] = &lower_xlat;
    table[ZYDIS_MNEMONIC_BOUND] = &lower_bound;
}

}  // namespace nyx::soft
