// Near jumps, calls and returns, conditions, LOOP (SDM volume 2).
#include <utility>

#include "runtime/soft/descriptors.h"
#include "runtime/soft/exec/compare_branch.h"
#include "runtime/soft/exec/pick.h"
#include "runtime/soft/exec/stack.h"

namespace nyx::soft {
namespace {

void jump_relative(Cpu& cpu, const Op* op) {
    return chain<0>(cpu, op, op->imm);
}

void branch(Cpu& cpu, const Op* op, bool is_taken) {
    if (is_taken) return chain<0>(cpu, op, op->imm);
    return chain<1>(cpu, op, static_cast<std::uint64_t>(op->disp));
}

template <unsigned kCode>
void jump_if(Cpu& cpu, const Op* op) {
    return branch(cpu, op, cpu.flags.holds<kCode>());
}

// A target that is not canonical faults at the branch; one outside the segment at the fetch, which is what the manual
// allows for a target that was only computed (SDM volume 2, JMP).
template <class T>
bool may_go_to(Cpu& cpu, T target) {
    if (sizeof(T) < 8 || is_canonical(target)) [[likely]]
        return true;
    cpu.raise(kGeneralProtection, 0);
    return false;
}

template <class T>
void jump_register(Cpu& cpu, const Op* op) {
    T target = get<T>(cpu, op->src);
    if (!may_go_to(cpu, target)) return stop_at(cpu, op);
    return chain_anywhere(cpu, op, target);
}

template <class T, class Address>
void jump_memory(Cpu& cpu, const Op* op) {
    T target;
    if (!load<Address>(cpu, op, target) || !may_go_to(cpu, target)) return stop_at(cpu, op);
    return chain_anywhere(cpu, op, target);
}

template <class T>
void call_relative(Cpu& cpu, const Op* op) {
    if (!push<T>(cpu, static_cast<T>(op->disp))) return stop_at(cpu, op);
    return chain<0>(cpu, op, op->imm);
}

template <class T>
void call_register(Cpu& cpu, const Op* op) {
    T target = get<T>(cpu, op->src);
    if (!may_go_to(cpu, target) || !push<T>(cpu, static_cast<T>(op->imm))) return stop_at(cpu, op);
    return chain_anywhere(cpu, op, target);
}

template <class T, class Address>
void call_memory(Cpu& cpu, const Op* op) {
    T target;
    if (!load<Address>(cpu, op, target) || !may_go_to(cpu, target)) return stop_at(cpu, op);
    if (!push<T>(cpu, static_cast<T>(op->imm))) return stop_at(cpu, op);
    return chain_anywhere(cpu, op, target);
}

template <class T>
void return_near(Cpu& cpu, const Op* op) {
    T target;
    if (!peek_stack<T>(cpu, 0, target) || !may_go_to(cpu, target)) return stop_at(cpu, op);
    move_stack(cpu, sizeof(T) + op->imm);
    return chain_anywhere(cpu, op, target);
}

std::uint64_t next_rip(const Lowering& l) {
    return (l.rip + l.instruction.length) & l.ip_mask();
}

bool lower_jmp(Lowering& l) {
    if (l.instruction.meta.branch_type == ZYDIS_BRANCH_TYPE_FAR) return lower_far_transfer(l);
    l.ends_block = true;
    if (l.is_immediate(0)) {
        l.op.imm = l.target();
        l.op.run = &jump_relative;
    } else if (l.is_register(0)) {
        l.op.src = l.general(0);
        l.op.run = by_wide(l.bits(0), []<class T>() -> Run { return &jump_register<T>; });
    } else {
        AddressKind kind = l.address(0);
        l.op.run = by_wide(l.bits(0), [&]<class T>() {
            return by_address(kind, []<class Address>() -> Run { return &jump_memory<T, Address>; });
        });
    }
    return l.op.run != nullptr;
}

bool lower_call(Lowering& l) {
    if (l.instruction.meta.branch_type == ZYDIS_BRANCH_TYPE_FAR) return lower_far_transfer(l);
    l.ends_block = true;
    if (l.is_immediate(0)) {
        l.op.imm = l.target();
        l.op.disp = static_cast<std::int64_t>(next_rip(l));
        l.op.run = by_wide(l.operand_bits(), []<class T>() -> Run { return &call_relative<T>; });
    } else if (l.is_register(0)) {
        l.op.src = l.general(0);
        l.op.imm = next_rip(l);
        l.op.run = by_wide(l.bits(0), []<class T>() -> Run { return &call_register<T>; });
    } else {
        AddressKind kind = l.address(0);
        l.op.imm = next_rip(l);
        l.op.run = by_wide(l.bits(0), [&]<class T>() {
            return by_address(kind, []<class Address>() -> Run { return &call_memory<T, Address>; });
        });
    }
    return l.op.run != nullptr;
}

bool lower_ret(Lowering& l) {
    if (l.instruction.meta.branch_type == ZYDIS_BRANCH_TYPE_FAR) return lower_far_transfer(l);
    l.ends_block = true;
    l.op.imm = l.is_immediate(0) && l.instruction.operand_count_visible > 0 ? l.immediate(0) : 0;
    l.op.run = by_wide(l.operand_bits(), []<class T>() -> Run { return &return_near<T>; });
    return l.op.run != nullptr;
}

template <unsigned kCode>
bool lower_jump_if(Lowering& l) {
    l.ends_block = true;
    l.op.imm = l.target();
    l.op.disp = static_cast<std::int64_t>(next_rip(l));
    l.op.run = &jump_if<kCode>;
    l.run_before = compare_and_branch(l.before, kCode);
    return true;
}

// rCX in the width of addresses.
std::uint64_t count(const Cpu& cpu, const Op* op) {
    if (op->address_bits == 64) return cpu.gpr[kRcx];
    return cpu.gpr[kRcx] & ((std::uint64_t{1} << op->address_bits) - 1);
}

void jump_if_count_is_zero(Cpu& cpu, const Op* op) {
    return branch(cpu, op, count(cpu, op) == 0);
}

enum class Until : std::uint8_t { kCounted, kNotZero, kZero };

// The counter is not a flag's business: none changes.
template <Until kUntil>
void loop(Cpu& cpu, const Op* op) {
    if (op->address_bits == 16)
        set<std::uint16_t>(cpu, kRcx * 8, static_cast<std::uint16_t>(cpu.gpr[kRcx] - 1));
    else if (op->address_bits == 32)
        set<std::uint32_t>(cpu, kRcx * 8, static_cast<std::uint32_t>(cpu.gpr[kRcx] - 1));
    else
        --cpu.gpr[kRcx];
    bool goes_on = count(cpu, op) != 0;
    if constexpr (kUntil == Until::kNotZero) goes_on = goes_on && cpu.flags.zf();
    if constexpr (kUntil == Until::kZero) goes_on = goes_on && !cpu.flags.zf();
    return branch(cpu, op, goes_on);
}

template <Run kRun>
bool lower_counted(Lowering& l) {
    l.ends_block = true;
    l.op.address_bits = l.instruction.address_width;
    l.op.imm = l.target();
    l.op.disp = static_cast<std::int64_t>(next_rip(l));
    l.op.run = kRun;
    return true;
}

// By the low four bits of the opcode.
constexpr ZydisMnemonic kConditional[16] = {
    ZYDIS_MNEMONIC_JO, ZYDIS_MNEMONIC_JNO, ZYDIS_MNEMONIC_JB,  ZYDIS_MNEMONIC_JNB,
    ZYDIS_MNEMONIC_JZ, ZYDIS_MNEMONIC_JNZ, ZYDIS_MNEMONIC_JBE, ZYDIS_MNEMONIC_JNBE,
    ZYDIS_MNEMONIC_JS, ZYDIS_MNEMONIC_JNS, ZYDIS_MNEMONIC_JP,  ZYDIS_MNEMONIC_JNP,
    ZYDIS_MNEMONIC_JL, ZYDIS_MNEMONIC_JNL, ZYDIS_MNEMONIC_JLE, ZYDIS_MNEMONIC_JNLE};

}  // namespace

void add_branches(InstructionTable& table) {
    table[ZYDIS_MNEMONIC_JMP] = &lower_jmp;
    table[ZYDIS_MNEMONIC_CALL] = &lower_call;
    table[ZYDIS_MNEMONIC_RET] = &lower_ret;
    for (ZydisMnemonic mnemonic : {ZYDIS_MNEMONIC_JCXZ, ZYDIS_MNEMONIC_JECXZ, ZYDIS_MNEMONIC_JRCXZ})
        table[mnemonic] = &lower_counted<&jump_if_count_is_zero>;
    table[ZYDIS_MNEMONIC_LOOP] = &lower_counted<&loop<Until::kCounted>>;
    table[ZYDIS_MNEMONIC_LOOPE] = &lower_counted<&loop<Until::kNotZero>>;
    table[ZYDIS_MNEMONIC_LOOPNE] = &lower_counted<&loop<Until::kZero>>;
    [&]<std::size_t... kCode>(std::index_sequence<kCode...>) {
        ((table[kConditional[kCode]] = &lower_jump_if<kCode>), ...);
    }(std::make_index_sequence<16>());
}

}  // namespace nyx::soft
