// BT, BTS, BTR, BTC, BSF, BSR, TZCNT, LZCNT, POPCNT (SDM volume 2). Flags that the manual leaves undefined are as on
// AMD's processors: unchanged by BT; PF by the result and the others clear by BSF; only OF unchanged by TZCNT.
#include <bit>

#include "runtime/soft/exec/forms.h"

namespace nyx::soft {
namespace {

struct Keep {
    static constexpr bool kWrites = false;
    template <class T>
    static T result(T a, T) {
        return a;
    }
};
struct Set {
    static constexpr bool kWrites = true;
    template <class T>
    static T result(T a, T bit) {
        return a | bit;
    }
};
struct Reset {
    static constexpr bool kWrites = true;
    template <class T>
    static T result(T a, T bit) {
        return static_cast<T>(a & ~bit);
    }
};
struct Complement {
    static constexpr bool kWrites = true;
    template <class T>
    static T result(T a, T bit) {
        return a ^ bit;
    }
};

template <class T>
T bit_of(T number) {
    return static_cast<T>(T{1} << (number % kBits<T>));
}

template <class Operation, class T, class From>
void bit_in_register(Cpu& cpu, const Op* op) {
    T bit = bit_of<T>(From::template value<T>(cpu, op));
    T a = get<T>(cpu, op->dst);
    cpu.flags.change(kCf, flag_if((a & bit) != 0, kCf));
    if constexpr (Operation::kWrites) set<T>(cpu, op->dst, Operation::template result<T>(a, bit));
    return go_on(cpu, op);
}

// A bit number in a register reaches beyond the operand, in both directions; an immediate does not.
template <class T, class From>
std::optional<std::uint64_t> bit_address(Cpu& cpu, const Op* op, Touch touch) {
    std::uint64_t offset = effective_offset(cpu, op);
    if constexpr (std::is_same_v<From, FromRegister>) {
        auto number = static_cast<std::make_signed_t<T>>(From::template value<T>(cpu, op));
        constexpr int kShift = std::countr_zero(kBits<T>);
        offset += static_cast<std::uint64_t>(std::int64_t{number} >> kShift) * sizeof(T);
    }
    if (op->address_bits != 64) offset &= (std::uint64_t{1} << op->address_bits) - 1;
    return cpu.linear_address(op->segment, offset, sizeof(T), touch);
}

template <class Operation, class T, class From, bool kLocked>
void bit_in_memory(Cpu& cpu, const Op* op) {
    T bit = bit_of<T>(From::template value<T>(cpu, op));
    auto linear = bit_address<T, From>(cpu, op, Operation::kWrites ? Touch::kWrite : Touch::kRead);
    if (!linear) return stop_at(cpu, op);
    auto note = [&cpu, bit](T a) { cpu.flags.change(kCf, flag_if((a & bit) != 0, kCf)); };
    auto change = [bit](T a) { return Operation::template result<T>(a, bit); };
    if constexpr (!Operation::kWrites) {
        T a;
        if (!cpu.load(*linear, a)) return stop_at(cpu, op);
        note(a);
    } else if constexpr (kLocked) {
        if (!update_locked<T>(cpu, *linear, change, note)) return stop_at(cpu, op);
    } else {
        auto change_and_note = [note, change](T a) {
            note(a);
            return change(a);
        };
        if (!update<T>(cpu, *linear, change_and_note)) return stop_at(cpu, op);
    }
    return go_on(cpu, op);
}

template <class Operation, class From>
bool lower_bit_from(Lowering& l) {
    if (l.is_register(0)) {
        l.op.dst = l.general(0);
        l.op.run = by_wide(l.bits(0), []<class T>() -> Run { return &bit_in_register<Operation, T, From>; });
    } else {
        l.address(0);
        bool is_locked = l.has(ZYDIS_ATTRIB_HAS_LOCK);
        l.op.run = by_wide(l.bits(0), [is_locked]<class T>() -> Run {
            return is_locked ? &bit_in_memory<Operation, T, From, true> : &bit_in_memory<Operation, T, From, false>;
        });
    }
    return l.op.run != nullptr;
}

template <class Operation>
bool lower_bit(Lowering& l) {
    if (l.is_immediate(1)) {
        l.op.imm = l.immediate(1);
        return lower_bit_from<Operation, FromImmediate>(l);
    }
    l.op.src = l.general(1);
    return lower_bit_from<Operation, FromRegister>(l);
}

template <class T>
void set_scan_flags(Cpu& cpu, T a, T r) {
    bool is_even = std::popcount(static_cast<std::uint8_t>(r)) % 2 == 0;
    cpu.flags.store(flag_if(a == 0, kZf) | flag_if(is_even, kPf));
}

// Without a bit that is 1 there is no result: the destination stays as it was, all 64 bits of it.
struct Bsf {
    template <class T>
    static void apply(Cpu& cpu, const Op* op, T a) {
        auto r = static_cast<T>(a != 0 ? std::countr_zero(a) : 0);
        if (a != 0) set<T>(cpu, op->dst, r);
        set_scan_flags<T>(cpu, a, r);
    }
};
struct Bsr {
    template <class T>
    static void apply(Cpu& cpu, const Op* op, T a) {
        auto r = static_cast<T>(a != 0 ? std::bit_width(a) - 1 : 0);
        if (a != 0) set<T>(cpu, op->dst, r);
        set_scan_flags<T>(cpu, a, r);
    }
};

template <class T>
void set_count(Cpu& cpu, const Op* op, T a, int count) {
    set<T>(cpu, op->dst, static_cast<T>(count));
    cpu.flags.change(kArithmeticFlags & ~kOf, flag_if(a == 0, kCf) | flag_if(count == 0, kZf));
}
struct Tzcnt {
    template <class T>
    static void apply(Cpu& cpu, const Op* op, T a) {
        set_count<T>(cpu, op, a, std::countr_zero(a));
    }
};
struct Lzcnt {
    template <class T>
    static void apply(Cpu& cpu, const Op* op, T a) {
        set_count<T>(cpu, op, a, std::countl_zero(a));
    }
};
struct Popcnt {
    template <class T>
    static void apply(Cpu& cpu, const Op* op, T a) {
        set<T>(cpu, op->dst, static_cast<T>(std::popcount(a)));
        cpu.flags.store(flag_if(a == 0, kZf));
    }
};

template <class Operation>
bool lower_scan(Lowering& l) {
    l.op.dst = l.general(0);
    return lower_use<Operation>(l, 1);
}

}  // namespace

void add_bits(InstructionTable& table) {
    table[ZYDIS_MNEMONIC_BT] = &lower_bit<Keep>;
    table[ZYDIS_MNEMONIC_BTS] = &lower_bit<Set>;
    table[ZYDIS_MNEMONIC_BTR] = &lower_bit<Reset>;
    table[ZYDIS_MNEMONIC_BTC] = &lower_bit<Complement>;
    table[ZYDIS_MNEMONIC_BSF] = &lower_scan<Bsf>;
    table[ZYDIS_MNEMONIC_BSR] = &lower_scan<Bsr>;
    table[ZYDIS_MNEMONIC_TZCNT] = &lower_scan<Tzcnt>;
    table[ZYDIS_MNEMONIC_LZCNT] = &lower_scan<Lzcnt>;
    table[ZYDIS_MNEMONIC_POPCNT] = &lower_scan<Popcnt>;
}

}  // namespace nyx::soft
