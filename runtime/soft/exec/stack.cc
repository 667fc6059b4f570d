// PUSH and POP of registers, memory and immediates, PUSHA, POPA, ENTER, LEAVE (SDM volume 2).
//
// The operand's width says how much is pushed, SS how much of RSP takes part (stack.h).
#include "runtime/soft/exec/stack.h"

#include "runtime/soft/exec/forms.h"

namespace nyx::soft {
namespace {

// PUSH RSP pushes what RSP was before.
struct Push {
    template <class T>
    static bool apply(Cpu& cpu, const Op*, T value) {
        return push<T>(cpu, value);
    }
};

template <class T>
void push_immediate(Cpu& cpu, const Op* op) {
    if (!push<T>(cpu, static_cast<T>(op->imm))) return stop_at(cpu, op);
    return go_on(cpu, op);
}

// The destination is written after RSP has moved, so that POP RSP leaves what was popped.
template <class T>
void pop_register(Cpu& cpu, const Op* op) {
    T value;
    if (!pop<T>(cpu, value)) return stop_at(cpu, op);
    set<T>(cpu, op->dst, value);
    return go_on(cpu, op);
}

// An address that has RSP in it is formed after RSP has moved.
template <class T>
void pop_memory(Cpu& cpu, const Op* op) {
    const std::uint64_t before = cpu.gpr[kRsp];
    T value;
    if (!pop<T>(cpu, value)) return stop_at(cpu, op);
    if (!store<Segmented>(cpu, op, value)) {
        cpu.gpr[kRsp] = before;
        return stop_at(cpu, op);
    }
    return go_on(cpu, op);
}

// Segment registers have functions of their own (system.cc).
bool is_segment(const Lowering& l) {
    return l.is_register(0) && ZydisRegisterGetClass(l.operands[0].reg.value) == ZYDIS_REGCLASS_SEGMENT;
}

bool lower_push(Lowering& l) {
    if (is_segment(l)) return lower_system_push(l);
    if (!l.is_immediate(0)) return lower_use<Push>(l, 0);
    l.op.imm = l.immediate(0);
    l.op.run = by_wide(l.operand_bits(), []<class T>() -> Run { return &push_immediate<T>; });
    return l.op.run != nullptr;
}

bool lower_pop(Lowering& l) {
    if (is_segment(l)) return lower_system_pop(l);
    if (l.is_register(0)) {
        l.op.dst = l.general(0);
        l.op.run = by_wide(l.bits(0), []<class T>() -> Run { return &pop_register<T>; });
    } else {
        l.address(0);
        l.op.run = by_wide(l.bits(0), []<class T>() -> Run { return &pop_memory<T>; });
    }
    return l.op.run != nullptr;
}

// In the order of their numbers, RSP as it was; when a push in the middle faults, RSP has not moved.
template <class T>
void push_all(Cpu& cpu, const Op* op) {
    for (unsigned i = 0; i < 8; ++i) {
        auto linear = stack_address(cpu, 0 - std::uint64_t{sizeof(T)} * (i + 1), sizeof(T), Touch::kWrite);
        if (!linear || !store_stack(cpu, *linear, static_cast<T>(cpu.gpr[i]))) return stop_at(cpu, op);
    }
    move_stack(cpu, 0 - std::uint64_t{sizeof(T)} * 8);
    return go_on(cpu, op);
}

// What was pushed of RSP is skipped. After a fault on the way the registers popped so far are changed, as on AMD's
// processors; RSP is not, so that all are popped again.
template <class T>
void pop_all(Cpu& cpu, const Op* op) {
    for (unsigned i = 0; i < 8; ++i) {
        T value;
        if (!peek_stack<T>(cpu, std::uint64_t{sizeof(T)} * i, value)) return stop_at(cpu, op);
        if (7 - i != kRsp) set<T>(cpu, static_cast<std::uint16_t>((7 - i) * 8), value);
    }
    move_stack(cpu, sizeof(T) * 8);
    return go_on(cpu, op);
}

template <bool kPush, class T>
bool lower_all(Lowering& l) {
    l.op.run = kPush ? &push_all<T> : &pop_all<T>;
    return true;
}

// rBP as an address in the stack segment, `behind` bytes below it.
inline std::optional<std::uint64_t> frame_address(Cpu& cpu, std::uint64_t behind, unsigned size) {
    std::uint64_t at = (cpu.gpr[kRbp] - behind) & cpu.stack_mask();
    if (cpu.is_64()) return at;
    return cpu.linear_address(kSs, at, size, Touch::kRead);
}

// Copies the display of the enclosing procedures (SDM volume 2, ENTER); false: raised.
template <class T>
bool push_display(Cpu& cpu, unsigned levels, T frame) {
    for (unsigned i = 1; i < levels; ++i) {
        T value;
        auto linear = frame_address(cpu, std::uint64_t{sizeof(T)} * i, sizeof(T));
        if (!linear || !load_stack(cpu, *linear, value) || !push<T>(cpu, value)) return false;
    }
    return push<T>(cpu, frame);
}

// imm: bytes of locals; disp: the nesting level.
template <class T>
void enter(Cpu& cpu, const Op* op) {
    const std::uint64_t before = cpu.gpr[kRsp];
    if (!push<T>(cpu, get<T>(cpu, kRbp * 8))) return stop_at(cpu, op);
    auto frame = static_cast<T>(cpu.gpr[kRsp]);
    auto levels = static_cast<unsigned>(op->disp);
    bool ok = levels == 0 || push_display<T>(cpu, levels, frame);
    // The new top of the stack must be writable, although nothing is written.
    std::uint64_t top = cpu.gpr[kRsp] - op->imm;
    if (ok) {
        auto linear = stack_address(cpu, 0 - op->imm, sizeof(T), Touch::kWrite);
        ok = linear && cpu.open(*linear, sizeof(T));
        if (!ok) cpu.failed_on_stack();
    }
    if (!ok) {
        cpu.gpr[kRsp] = before;
        return stop_at(cpu, op);
    }
    set_stack_pointer(cpu, top);
    set<T>(cpu, kRbp * 8, frame);
    return go_on(cpu, op);
}

bool lower_enter(Lowering& l) {
    l.op.imm = l.immediate(0) & 0xFFFF;
    l.op.disp = static_cast<std::int64_t>(l.immediate(1) & 31);
    l.op.run = by_wide(l.operand_bits(), []<class T>() -> Run { return &enter<T>; });
    return l.op.run != nullptr;
}

// RSP becomes rBP, and rBP is popped.
template <class T>
void leave(Cpu& cpu, const Op* op) {
    T value;
    auto linear = frame_address(cpu, 0, sizeof(T));
    if (!linear || !load_stack(cpu, *linear, value)) return stop_at(cpu, op);
    set_stack_pointer(cpu, cpu.gpr[kRbp] + sizeof(T));
    set<T>(cpu, kRbp * 8, value);
    return go_on(cpu, op);
}

bool lower_leave(Lowering& l) {
    l.op.run = by_wide(l.operand_bits(), []<class T>() -> Run { return &leave<T>; });
    return l.op.run != nullptr;
}

}  // namespace

void add_stack(InstructionTable& table) {
    table[ZYDIS_MNEMONIC_PUSH] = &lower_push;
    table[ZYDIS_MNEMONIC_POP] = &lower_pop;
    table[ZYDIS_MNEMONIC_PUSHA] = &lower_all<true, std::uint16_t>;
    table[ZYDIS_MNEMONIC_PUSHAD] = &lower_all<true, std::uint32_t>;
    table[ZYDIS_MNEMONIC_POPA] = &lower_all<false, std::uint16_t>;
    table[ZYDIS_MNEMONIC_POPAD] = &lower_all<false, std::uint32_t>;
    table[ZYDIS_MNEMONIC_ENTER] = &lower_enter;
    table[ZYDIS_MNEMONIC_LEAVE] = &lower_leave;
}

}  // namespace nyx::soft
