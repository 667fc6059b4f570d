// MOV between registers, memory and immediates, MOVZX, MOVSX, LEA, NOP (SDM volume 2).
#include "runtime/soft/exec/pick.h"

namespace nyx::soft {
namespace {

template <class T, class From>
void move_register(Cpu& cpu, const Op* op) {
    set<T>(cpu, op->dst, From::template value<T>(cpu, op));
    return go_on(cpu, op);
}

template <class T, class Address>
void move_load(Cpu& cpu, const Op* op) {
    T value;
    if (!load<Address>(cpu, op, value)) return stop_at(cpu, op);
    set<T>(cpu, op->dst, value);
    return go_on(cpu, op);
}

template <class T, class Address, class From>
void move_store(Cpu& cpu, const Op* op) {
    if (!store<Address>(cpu, op, From::template value<T>(cpu, op))) return stop_at(cpu, op);
    return go_on(cpu, op);
}

template <class From>
Run pick_store(Lowering& l) {
    AddressKind kind = l.address(0);
    return by_width(l.bits(0), [&]<class T>() {
        return by_address(kind, []<class Address>() -> Run { return &move_store<T, Address, From>; });
    });
}

bool is_general(const Lowering& l, unsigned operand) {
    switch (ZydisRegisterGetClass(l.operands[operand].reg.value)) {
        case ZYDIS_REGCLASS_GPR8:
        case ZYDIS_REGCLASS_GPR16:
        case ZYDIS_REGCLASS_GPR32:
        case ZYDIS_REGCLASS_GPR64:
            return true;
        default:
            return false;
    }
}

// Segment, control and debug registers have functions of their own (system.cc).
bool lower_mov(Lowering& l) {
    for (unsigned i = 0; i < 2; ++i)
        if (l.is_register(i) && !is_general(l, i)) return lower_system_move(l);
    if (l.is_register(0)) l.op.dst = l.general(0);
    if (l.is_register(1)) l.op.src = l.general(1);
    if (l.is_immediate(1)) l.op.imm = l.immediate(1);
    if (l.is_memory(1)) {
        AddressKind kind = l.address(1);
        l.op.run = by_width(l.bits(0), [&]<class T>() {
            return by_address(kind, []<class Address>() -> Run { return &move_load<T, Address>; });
        });
    } else if (l.is_memory(0)) {
        l.op.run = l.is_immediate(1) ? pick_store<FromImmediate>(l) : pick_store<FromRegister>(l);
    } else if (l.is_immediate(1)) {
        l.op.run = by_width(l.bits(0), []<class T>() -> Run { return &move_register<T, FromImmediate>; });
    } else {
        l.op.run = by_width(l.bits(0), []<class T>() -> Run { return &move_register<T, FromRegister>; });
    }
    return l.op.run != nullptr;
}

// MOVZX, MOVSX, MOVSXD: From is the narrower type, signed where the sign is kept.
template <class To, class From>
void extend_register(Cpu& cpu, const Op* op) {
    using Unsigned = std::make_unsigned_t<From>;
    set<To>(cpu, op->dst, static_cast<To>(static_cast<From>(get<Unsigned>(cpu, op->src))));
    return go_on(cpu, op);
}

template <class To, class From, class Address>
void extend_load(Cpu& cpu, const Op* op) {
    std::make_unsigned_t<From> value;
    if (!load<Address>(cpu, op, value)) return stop_at(cpu, op);
    set<To>(cpu, op->dst, static_cast<To>(static_cast<From>(value)));
    return go_on(cpu, op);
}

template <class To, class From>
Run pick_extend(Lowering& l) {
    if (l.is_register(1)) {
        l.op.src = l.general(1);
        return &extend_register<To, From>;
    }
    return by_address(l.address(1), []<class Address>() -> Run { return &extend_load<To, From, Address>; });
}

template <bool kSigned>
bool lower_extend(Lowering& l) {
    l.op.dst = l.general(0);
    l.op.run = by_wide(l.bits(0), [&]<class To>() -> Run {
        if (l.bits(1) == 8) return pick_extend<To, std::conditional_t<kSigned, std::int8_t, std::uint8_t>>(l);
        if (l.bits(1) == 16) return pick_extend<To, std::conditional_t<kSigned, std::int16_t, std::uint16_t>>(l);
        return pick_extend<To, std::conditional_t<kSigned, std::int32_t, std::uint32_t>>(l);
    });
    return l.op.run != nullptr;
}

template <class T>
void lea(Cpu& cpu, const Op* op) {
    std::uint64_t offset = effective_offset(cpu, op);
    if (op->address_bits != 64) offset &= (std::uint64_t{1} << op->address_bits) - 1;
    set<T>(cpu, op->dst, static_cast<T>(offset));
    return go_on(cpu, op);
}

bool lower_lea(Lowering& l) {
    l.address(1);
    l.op.dst = l.general(0);
    l.op.run = by_wide(l.bits(0), []<class T>() -> Run { return &lea<T>; });
    return l.op.run != nullptr;
}

void nop(Cpu& cpu, const Op* op) {
    return go_on(cpu, op);
}

bool lower_nop(Lowering& l) {
    l.op.run = &nop;
    return true;
}

}  // namespace

void add_moves(InstructionTable& table) {
    table[ZYDIS_MNEMONIC_MOV] = &lower_mov;
    table[ZYDIS_MNEMONIC_MOVZX] = &lower_extend<false>;
    table[ZYDIS_MNEMONIC_MOVSX] = &lower_extend<true>;
    table[ZYDIS_MNEMONIC_MOVSXD] = &lower_extend<true>;
    table[ZYDIS_MNEMONIC_LEA] = &lower_lea;
    for (ZydisMnemonic hint :
         {ZYDIS_MNEMONIC_NOP, ZYDIS_MNEMONIC_PAUSE, ZYDIS_MNEMONIC_ENDBR64, ZYDIS_MNEMONIC_ENDBR32,
          ZYDIS_MNEMONIC_PREFETCH, ZYDIS_MNEMONIC_PREFETCHNTA, ZYDIS_MNEMONIC_PREFETCHT0, ZYDIS_MNEMONIC_PREFETCHT1,
          ZYDIS_MNEMONIC_PREFETCHT2, ZYDIS_MNEMONIC_PREFETCHW, ZYDIS_MNEMONIC_LFENCE, ZYDIS_MNEMONIC_SFENCE})
        table[hint] = &lower_nop;
}

}  // namespace nyx::soft
