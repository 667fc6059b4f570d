// ADD, OR, ADC, SBB, AND, SUB, XOR, CMP, TEST, INC, DEC, NEG, NOT (SDM volume 2).
#include "runtime/soft/exec/pick.h"

namespace nyx::soft {
namespace {

// An operation of two operands: its result, and what it does to the flags.
struct Add {
    static constexpr bool kWrites = true;
    template <class T>
    static T result(const Cpu&, T a, T b) {
        return static_cast<T>(a + b);
    }
    template <class T>
    static void set_flags(Cpu& cpu, T, T b, T r) {
        cpu.flags.set<T>(FlagKind::kAdd, r, b);
    }
};
struct Sub {
    static constexpr bool kWrites = true;
    template <class T>
    static T result(const Cpu&, T a, T b) {
        return static_cast<T>(a - b);
    }
    template <class T>
    static void set_flags(Cpu& cpu, T, T b, T r) {
        cpu.flags.set<T>(FlagKind::kSub, r, b);
    }
};
struct Cmp : Sub {
    static constexpr bool kWrites = false;
};
// r - a - b tells whether there was a carry in, so the flags need not look at the old ones again.
struct Adc {
    static constexpr bool kWrites = true;
    template <class T>
    static T result(const Cpu& cpu, T a, T b) {
        return static_cast<T>(a + b + (cpu.flags.cf() ? 1 : 0));
    }
    template <class T>
    static void set_flags(Cpu& cpu, T a, T b, T r) {
        cpu.flags.set<T>(static_cast<T>(r - a - b) != 0 ? FlagKind::kAdc : FlagKind::kAdd, r, b);
    }
};
struct Sbb {
    static constexpr bool kWrites = true;
    template <class T>
    static T result(const Cpu& cpu, T a, T b) {
        return static_cast<T>(a - b - (cpu.flags.cf() ? 1 : 0));
    }
    template <class T>
    static void set_flags(Cpu& cpu, T a, T b, T r) {
        cpu.flags.set<T>(static_cast<T>(a - b - r) != 0 ? FlagKind::kSbb : FlagKind::kSub, r, b);
    }
};
struct Logic {
    static constexpr bool kWrites = true;
    template <class T>
    static void set_flags(Cpu& cpu, T, T, T r) {
        cpu.flags.set_logic<T>(r);
    }
};
struct And : Logic {
    template <class T>
    static T result(const Cpu&, T a, T b) {
        return a & b;
    }
};
struct Or : Logic {
    template <class T>
    static T result(const Cpu&, T a, T b) {
        return a | b;
    }
};
struct Xor : Logic {
    template <class T>
    static T result(const Cpu&, T a, T b) {
        return a ^ b;
    }
};
struct Test : And {
    static constexpr bool kWrites = false;
};

template <class Operation, class T, class From>
void register_op(Cpu& cpu, const Op* op) {
    T a = get<T>(cpu, op->dst);
    T b = From::template value<T>(cpu, op);
    T r = Operation::template result<T>(cpu, a, b);
    Operation::template set_flags<T>(cpu, a, b, r);
    if constexpr (Operation::kWrites) set<T>(cpu, op->dst, r);
    return go_on(cpu, op);
}

template <class Operation, class T, class Address>
void register_memory(Cpu& cpu, const Op* op) {
    T b;
    if (!load<Address>(cpu, op, b)) return stop_at(cpu, op);
    T a = get<T>(cpu, op->dst);
    T r = Operation::template result<T>(cpu, a, b);
    Operation::template set_flags<T>(cpu, a, b, r);
    if constexpr (Operation::kWrites) set<T>(cpu, op->dst, r);
    return go_on(cpu, op);
}

template <class Operation, class T, class Address, class From>
void memory_op(Cpu& cpu, const Op* op) {
    if constexpr (Operation::kWrites) {
        auto linear = Address::address(cpu, op, sizeof(T), Touch::kWrite);
        T b = From::template value<T>(cpu, op);
        auto change = [&cpu, b](T a) {
            T r = Operation::template result<T>(cpu, a, b);
            Operation::template set_flags<T>(cpu, a, b, r);
            return r;
        };
        if (!linear || !update<T>(cpu, *linear, change)) return stop_at(cpu, op);
    } else {
        T a;
        if (!load<Address>(cpu, op, a)) return stop_at(cpu, op);
        T b = From::template value<T>(cpu, op);
        T r = Operation::template result<T>(cpu, a, b);
        Operation::template set_flags<T>(cpu, a, b, r);
    }
    return go_on(cpu, op);
}

template <class Operation, class T, class From>
void locked_op(Cpu& cpu, const Op* op) {
    auto linear = Segmented::address(cpu, op, sizeof(T), Touch::kWrite);
    T b = From::template value<T>(cpu, op);
    auto change = [&cpu, b](T a) { return Operation::template result<T>(cpu, a, b); };
    auto after = [&cpu, b, change](T a) { Operation::template set_flags<T>(cpu, a, b, change(a)); };
    if (!linear || !update_locked<T>(cpu, *linear, change, after)) return stop_at(cpu, op);
    return go_on(cpu, op);
}

template <class Operation, class From>
Run pick_memory_op(Lowering& l) {
    AddressKind kind = l.address(0);
    return by_width(l.bits(0), [&]<class T>() -> Run {
        if constexpr (Operation::kWrites)
            if (l.has(ZYDIS_ATTRIB_HAS_LOCK)) return &locked_op<Operation, T, From>;
        return by_address(kind, []<class Address>() -> Run { return &memory_op<Operation, T, Address, From>; });
    });
}

// For a conditional jump that may follow.
template <class Operation>
void note_comparison(Lowering& l) {
    using Operands = CompareForm::Operands;
    if ((l.is_memory(0) || l.is_memory(1)) && l.address(l.is_memory(0) ? 0 : 1) != AddressKind::kFlat) return;
    l.comparison.what = std::is_same_v<Operation, Cmp> ? CompareForm::What::kCmp : CompareForm::What::kTest;
    l.comparison.bits = l.bits(0);
    if (l.is_memory(1))
        l.comparison.operands = Operands::kRegisterMemory;
    else if (l.is_memory(0))
        l.comparison.operands = l.is_immediate(1) ? Operands::kMemoryImmediate : Operands::kMemoryRegister;
    else
        l.comparison.operands = l.is_immediate(1) ? Operands::kRegisterImmediate : Operands::kRegisters;
}

template <class Operation>
bool lower_binary(Lowering& l) {
    if (l.is_immediate(1)) l.op.imm = l.immediate(1);
    if (l.is_register(1)) l.op.src = l.general(1);
    if (l.is_register(0)) l.op.dst = l.general(0);
    if constexpr (!Operation::kWrites) note_comparison<Operation>(l);
    if (l.is_memory(1)) {
        AddressKind kind = l.address(1);
        l.op.run = by_width(l.bits(0), [&]<class T>() {
            return by_address(kind, []<class Address>() -> Run { return &register_memory<Operation, T, Address>; });
        });
    } else if (l.is_memory(0)) {
        l.op.run = l.is_immediate(1) ? pick_memory_op<Operation, FromImmediate>(l)
                                     : pick_memory_op<Operation, FromRegister>(l);
    } else if (l.is_immediate(1)) {
        l.op.run = by_width(l.bits(0), []<class T>() -> Run { return &register_op<Operation, T, FromImmediate>; });
    } else {
        l.op.run = by_width(l.bits(0), []<class T>() -> Run { return &register_op<Operation, T, FromRegister>; });
    }
    return l.op.run != nullptr;
}

// Operations of one operand are binary ones whose second operand is a constant.
struct Inc {
    static constexpr bool kWrites = true;
    template <class T>
    static T result(const Cpu&, T a, T) {
        return static_cast<T>(a + 1);
    }
    template <class T>
    static void set_flags(Cpu& cpu, T, T, T r) {
        cpu.flags.set<T>(FlagKind::kInc, r, static_cast<T>(cpu.flags.cf() ? kCf : 0));
    }
};
struct Dec {
    static constexpr bool kWrites = true;
    template <class T>
    static T result(const Cpu&, T a, T) {
        return static_cast<T>(a - 1);
    }
    template <class T>
    static void set_flags(Cpu& cpu, T, T, T r) {
        cpu.flags.set<T>(FlagKind::kDec, r, static_cast<T>(cpu.flags.cf() ? kCf : 0));
    }
};
struct Neg {
    static constexpr bool kWrites = true;
    template <class T>
    static T result(const Cpu&, T a, T) {
        return static_cast<T>(-a);
    }
    template <class T>
    static void set_flags(Cpu& cpu, T a, T, T r) {
        cpu.flags.set<T>(FlagKind::kSub, r, a);
    }
};
struct Not {
    static constexpr bool kWrites = true;
    template <class T>
    static T result(const Cpu&, T a, T) {
        return static_cast<T>(~a);
    }
    template <class T>
    static void set_flags(Cpu&, T, T, T) {}
};

template <class Operation>
bool lower_unary(Lowering& l) {
    if (l.is_memory(0)) {
        l.op.run = pick_memory_op<Operation, FromImmediate>(l);
    } else {
        l.op.dst = l.general(0);
        l.op.run = by_width(l.bits(0), []<class T>() -> Run { return &register_op<Operation, T, FromImmediate>; });
    }
    return l.op.run != nullptr;
}

}  // namespace

void add_arithmetic(InstructionTable& table) {
    table[ZYDIS_MNEMONIC_ADD] = &lower_binary<Add>;
    table[ZYDIS_MNEMONIC_OR] = &lower_binary<Or>;
    table[ZYDIS_MNEMONIC_ADC] = &lower_binary<Adc>;
    table[ZYDIS_MNEMONIC_SBB] = &lower_binary<Sbb>;
    table[ZYDIS_MNEMONIC_AND] = &lower_binary<And>;
    table[ZYDIS_MNEMONIC_SUB] = &lower_binary<Sub>;
    table[ZYDIS_MNEMONIC_XOR] = &lower_binary<Xor>;
    table[ZYDIS_MNEMONIC_CMP] = &lower_binary<Cmp>;
    table[ZYDIS_MNEMONIC_TEST] = &lower_binary<Test>;
    table[ZYDIS_MNEMONIC_INC] = &lower_unary<Inc>;
    table[ZYDIS_MNEMONIC_DEC] = &lower_unary<Dec>;
    table[ZYDIS_MNEMONIC_NEG] = &lower_unary<Neg>;
    table[ZYDIS_MNEMONIC_NOT] = &lower_unary<Not>;
}

}  // namespace nyx::soft
