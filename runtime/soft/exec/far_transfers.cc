// Far JMP, CALL and RET (SDM volume 2).
#include "runtime/soft/far_transfer.h"

#include "runtime/soft/exec/system.h"
#include "runtime/soft/returns.h"

namespace nyx::soft {
namespace {

// op->dst: size of the operand.
template <bool (*kGo)(Cpu&, const FarPointer&)>
bool direct(Cpu& cpu, const Op* op) {
    FarPointer to;
    to.selector = op->src;
    to.offset = op->imm;
    to.size = op->dst;
    to.next_rip = cpu.rip_after(op);
    return kGo(cpu, to);
}

template <class T, bool (*kGo)(Cpu&, const FarPointer&)>
bool indirect(Cpu& cpu, const Op* op) {
    auto at = operand_address(cpu, op, 0, sizeof(T), Touch::kRead);
    T offset = 0;
    if (!at || !cpu.load(*at, offset)) return false;
    auto behind = operand_address(cpu, op, sizeof(T), 2, Touch::kRead);
    FarPointer to;
    if (!behind || !cpu.load(*behind, to.selector)) return false;
    to.offset = offset;
    to.size = sizeof(T);
    to.next_rip = cpu.rip_after(op);
    return kGo(cpu, to);
}

bool far_ret(Cpu& cpu, const Op* op) {
    return far_return(cpu, op->dst, static_cast<unsigned>(op->imm));
}

template <bool (*kGo)(Cpu&, const FarPointer&)>
bool lower_jump_or_call(Lowering& l) {
    if (!l.is_memory(0)) {
        l.op.src = l.operands[0].ptr.segment;
        l.op.imm = l.operands[0].ptr.offset;
        l.op.dst = static_cast<std::uint16_t>(l.operand_bits() / 8);
        return ends_with(l, &then_elsewhere<direct<kGo>>);
    }
    l.address(0);
    if (l.bits(0) == 80) return ends_with(l, &then_elsewhere<indirect<std::uint64_t, kGo>>);
    if (l.bits(0) == 48) return ends_with(l, &then_elsewhere<indirect<std::uint32_t, kGo>>);
    return ends_with(l, &then_elsewhere<indirect<std::uint16_t, kGo>>);
}

}  // namespace

bool lower_far_transfer(Lowering& l) {
    if (l.instruction.mnemonic == ZYDIS_MNEMONIC_JMP) return lower_jump_or_call<far_jump>(l);
    if (l.instruction.mnemonic == ZYDIS_MNEMONIC_CALL) return lower_jump_or_call<far_call>(l);
    l.op.dst = static_cast<std::uint16_t>(l.operand_bits() / 8);
    l.op.imm = l.instruction.operand_count_visible > 0 ? l.immediate(0) & 0xFFFF : 0;
    return ends_with(l, &then_elsewhere<far_ret>);
}

}  // namespace nyx::soft
