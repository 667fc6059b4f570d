// MOV, PUSH and POP of segment registers, LDS and its kin, FS and GS bases, SWAPGS (SDM volume 2).
#include "runtime/soft/exec/stack.h"
#include "runtime/soft/exec/system.h"

namespace nyx::soft {
namespace {

// After SS, one instruction may set the stack pointer undisturbed (SDM volume 3, §6.8.3).
void shadow_if_stack(Cpu& cpu, Seg segment) {
    if (segment == kSs) cpu.interrupt_shadow = cpu.debug_shadow = true;
}

// op->imm: the segment register.
bool move_to_segment(Cpu& cpu, const Op* op) {
    auto segment = static_cast<Seg>(op->imm);
    auto selector = read_operand(cpu, op, 2);
    if (!selector || !cpu.load_segment(segment, static_cast<std::uint16_t>(*selector))) return false;
    shadow_if_stack(cpu, segment);
    return true;
}

// op->dst: bytes of the operand; memory always takes two.
bool move_from_segment(Cpu& cpu, const Op* op) {
    return write_operand(cpu, op, cpu.segments[op->imm].selector, op->dst, 2);
}

// op->dst: bytes on the stack. Of 4 only the selector's two are written (SDM volume 2, PUSH: so do current processors).
bool push_segment(Cpu& cpu, const Op* op) {
    std::uint64_t below = 0 - std::uint64_t{op->dst};
    auto at = stack_address(cpu, below, op->dst, Touch::kWrite);
    const std::uint16_t selector = cpu.segments[op->imm].selector;
    if (!at || !(op->dst == 8 ? cpu.store(*at, std::uint64_t{selector}) : cpu.store(*at, selector))) {
        cpu.failed_on_stack();
        return false;
    }
    move_stack(cpu, below);
    return true;
}

bool pop_segment(Cpu& cpu, const Op* op) {
    auto segment = static_cast<Seg>(op->imm);
    std::uint16_t selector = 0;
    if (!peek_stack(cpu, 0, selector)) return false;
    const std::uint64_t old = cpu.gpr[kRsp];
    move_stack(cpu, op->dst);  // with the width of the old SS
    if (!cpu.load_segment(segment, selector)) {
        cpu.gpr[kRsp] = old;
        return false;
    }
    shadow_if_stack(cpu, segment);
    return true;
}

// op->imm: the segment register.
template <class T>
bool load_pointer(Cpu& cpu, const Op* op) {
    auto at = operand_address(cpu, op, 0, sizeof(T), Touch::kRead);
    T offset = 0;
    if (!at || !cpu.load(*at, offset)) return false;
    auto behind = operand_address(cpu, op, sizeof(T), 2, Touch::kRead);
    std::uint16_t selector = 0;
    if (!behind || !cpu.load(*behind, selector)) return false;
    auto segment = static_cast<Seg>(op->imm);
    if (!cpu.load_segment(segment, selector)) return false;
    set<T>(cpu, op->dst, offset);
    return true;
}

template <Seg kSegment>
bool lower_load_pointer(Lowering& l) {
    if (!l.is_memory(1)) return false;
    take_operand(l, 1);
    l.op.dst = l.general(0);
    l.op.imm = kSegment;
    if (l.bits(0) == 16) return ends_with(l, &then_next<load_pointer<std::uint16_t>>);
    if (l.bits(0) == 32) return ends_with(l, &then_next<load_pointer<std::uint32_t>>);
    return ends_with(l, &then_next<load_pointer<std::uint64_t>>);
}

bool may_use_bases(Cpu& cpu) {
    return (cpu.control.cr4 & kCr4Fsgsbase) != 0 || invalid(cpu);
}

template <class T, Seg kSegment>
bool read_base(Cpu& cpu, const Op* op) {
    if (!may_use_bases(cpu)) return false;
    set<T>(cpu, op->dst, static_cast<T>(cpu.segments[kSegment].base));
    return true;
}

template <class T, Seg kSegment>
bool write_base(Cpu& cpu, const Op* op) {
    if (!may_use_bases(cpu)) return false;
    std::uint64_t base = get<T>(cpu, op->dst);
    if (!is_canonical(base)) return fail_with(cpu, kGeneralProtection, 0);
    cpu.segments[kSegment].base = base;
    return true;
}

template <Work kWide, Work kNarrow>
bool lower_base(Lowering& l) {
    if (l.mode.code_bits != 64) return false;
    l.op.dst = l.general(0);
    return ends_with(l, l.bits(0) == 64 ? &then_next<kWide> : &then_next<kNarrow>);
}
template <Seg kSegment>
constexpr Lower kLowerReadBase = &lower_base<read_base<std::uint64_t, kSegment>, read_base<std::uint32_t, kSegment>>;
template <Seg kSegment>
constexpr Lower kLowerWriteBase = &lower_base<write_base<std::uint64_t, kSegment>, write_base<std::uint32_t, kSegment>>;

bool swap_gs(Cpu& cpu, const Op*) {
    if (!require_level_0(cpu)) return false;
    std::swap(cpu.segments[kGs].base, cpu.msr.kernel_gs_base);
    return true;
}

bool lower_swap_gs(Lowering& l) {
    return l.mode.code_bits == 64 && ends_with(l, &then_next<swap_gs>);
}

}  // namespace

bool lower_segment_move(Lowering& l) {
    bool is_load = l.is_register(0) && segment_of(l.operands[0].reg.value).has_value();
    auto segment = segment_of(l.operands[is_load ? 0 : 1].reg.value);
    if (!segment || (is_load && *segment == kCs)) return false;
    take_operand(l, is_load ? 1 : 0);
    l.op.imm = *segment;
    l.op.dst = static_cast<std::uint16_t>(l.bits(0) / 8);
    return ends_with(l, is_load ? &then_next<move_to_segment> : &then_next<move_from_segment>);
}

namespace {

bool lower_on_stack(Lowering& l, Run run) {
    auto segment = segment_of(l.operands[0].reg.value);
    if (!segment) return false;
    l.op.imm = *segment;
    l.op.segment = kSs;
    l.op.dst = static_cast<std::uint16_t>(l.operand_bits() / 8);
    return ends_with(l, run);
}

}  // namespace

bool lower_system_push(Lowering& l) {
    return lower_on_stack(l, &then_next<push_segment>);
}

bool lower_system_pop(Lowering& l) {
    return lower_on_stack(l, &then_next<pop_segment>);
}

void add_segments(InstructionTable& table) {
    table[ZYDIS_MNEMONIC_LES] = &lower_load_pointer<kEs>;
    table[ZYDIS_MNEMONIC_LDS] = &lower_load_pointer<kDs>;
    table[ZYDIS_MNEMONIC_LSS] = &lower_load_pointer<kSs>;
    table[ZYDIS_MNEMONIC_LFS] = &lower_load_pointer<kFs>;
    table[ZYDIS_MNEMONIC_LGS] = &lower_load_pointer<kGs>;
    table[ZYDIS_MNEMONIC_RDFSBASE] = kLowerReadBase<kFs>;
    table[ZYDIS_MNEMONIC_RDGSBASE] = kLowerReadBase<kGs>;
    table[ZYDIS_MNEMONIC_WRFSBASE] = kLowerWriteBase<kFs>;
    table[ZYDIS_MNEMONIC_WRGSBASE] = kLowerWriteBase<kGs>;
    table[ZYDIS_MNEMONIC_SWAPGS] = &lower_swap_gs;
}

}  // namespace nyx::soft
