// XCHG, XADD, CMPXCHG, CMPXCHG8B, CMPXCHG16B, BSWAP, MOVBE (SDM volume 2).
#include "runtime/soft/exec/forms.h"

namespace nyx::soft {
namespace {

template <class T>
void exchange_registers(Cpu& cpu, const Op* op) {
    T a = get<T>(cpu, op->dst), b = get<T>(cpu, op->src);
    set<T>(cpu, op->dst, b);
    set<T>(cpu, op->src, a);
    return go_on(cpu, op);
}

// Locked whether or not it says so.
template <class T, class Address>
void exchange_memory(Cpu& cpu, const Op* op) {
    auto linear = Address::address(cpu, op, sizeof(T), Touch::kWrite);
    T b = get<T>(cpu, op->src);
    auto change = [b](T) { return b; };
    auto after = [&cpu, op](T a) { set<T>(cpu, op->src, a); };
    if (!linear || !update_locked<T>(cpu, *linear, change, after)) return stop_at(cpu, op);
    return go_on(cpu, op);
}

bool lower_xchg(Lowering& l) {
    // Either operand may be the one in memory.
    unsigned memory = l.is_memory(1) ? 1 : 0;
    l.op.src = l.general(1 - memory);
    if (l.is_memory(memory)) {
        AddressKind kind = l.address(memory);
        l.op.run = by_width(l.bits(0), [&]<class T>() {
            return by_address(kind, []<class Address>() -> Run { return &exchange_memory<T, Address>; });
        });
    } else {
        l.op.dst = l.general(0);
        l.op.run = by_width(l.bits(0), []<class T>() -> Run { return &exchange_registers<T>; });
    }
    return l.op.run != nullptr;
}

template <class T>
void exchange_add_registers(Cpu& cpu, const Op* op) {
    T a = get<T>(cpu, op->dst), b = get<T>(cpu, op->src);
    set<T>(cpu, op->src, a);
    set<T>(cpu, op->dst, static_cast<T>(a + b));
    cpu.flags.set<T>(FlagKind::kAdd, static_cast<T>(a + b), b);
    return go_on(cpu, op);
}

// The same function with and without LOCK: what is stronger is also right.
template <class T, class Address>
void exchange_add_memory(Cpu& cpu, const Op* op) {
    auto linear = Address::address(cpu, op, sizeof(T), Touch::kWrite);
    T b = get<T>(cpu, op->src);
    auto change = [b](T a) { return static_cast<T>(a + b); };
    auto after = [&cpu, op, b](T a) {
        set<T>(cpu, op->src, a);
        cpu.flags.set<T>(FlagKind::kAdd, static_cast<T>(a + b), b);
    };
    if (!linear || !update_locked<T>(cpu, *linear, change, after)) return stop_at(cpu, op);
    return go_on(cpu, op);
}

template <class T>
void compare_with_accumulator(Cpu& cpu, T value) {
    T accumulator = get<T>(cpu, kRax * 8);
    cpu.flags.set<T>(FlagKind::kSub, static_cast<T>(accumulator - value), value);
    if (accumulator != value) set<T>(cpu, kRax * 8, value);
}

template <class T>
void compare_exchange_registers(Cpu& cpu, const Op* op) {
    T a = get<T>(cpu, op->dst), b = get<T>(cpu, op->src);
    T accumulator = get<T>(cpu, kRax * 8);
    compare_with_accumulator<T>(cpu, a);
    // Of a 32-bit destination that stays as it is, so does the upper half.
    if (accumulator == a) set<T>(cpu, op->dst, b);
    return go_on(cpu, op);
}

template <class T, class Address>
void compare_exchange_memory(Cpu& cpu, const Op* op) {
    auto linear = Address::address(cpu, op, sizeof(T), Touch::kWrite);
    T b = get<T>(cpu, op->src), accumulator = get<T>(cpu, kRax * 8);
    auto change = [b, accumulator](T a) { return a == accumulator ? b : a; };
    auto after = [&cpu](T a) { compare_with_accumulator<T>(cpu, a); };
    if (!linear || !update_locked<T>(cpu, *linear, change, after)) return stop_at(cpu, op);
    return go_on(cpu, op);
}

bool lower_xadd(Lowering& l) {
    l.op.src = l.general(1);
    if (l.is_memory(0)) {
        AddressKind kind = l.address(0);
        l.op.run = by_width(l.bits(0), [&]<class T>() {
            return by_address(kind, []<class Address>() -> Run { return &exchange_add_memory<T, Address>; });
        });
    } else {
        l.op.dst = l.general(0);
        l.op.run = by_width(l.bits(0), []<class T>() -> Run { return &exchange_add_registers<T>; });
    }
    return l.op.run != nullptr;
}

bool lower_cmpxchg(Lowering& l) {
    l.op.src = l.general(1);
    if (l.is_memory(0)) {
        AddressKind kind = l.address(0);
        l.op.run = by_width(l.bits(0), [&]<class T>() {
            return by_address(kind, []<class Address>() -> Run { return &compare_exchange_memory<T, Address>; });
        });
    } else {
        l.op.dst = l.general(0);
        l.op.run = by_width(l.bits(0), []<class T>() -> Run { return &compare_exchange_registers<T>; });
    }
    return l.op.run != nullptr;
}

void compare_exchange_8(Cpu& cpu, const Op* op) {
    auto pair = [&cpu](Reg high, Reg low) {
        return std::uint64_t{get<std::uint32_t>(cpu, static_cast<std::uint16_t>(high * 8))} << 32 |
               get<std::uint32_t>(cpu, static_cast<std::uint16_t>(low * 8));
    };
    auto linear = Segmented::address(cpu, op, 8, Touch::kWrite);
    std::uint64_t expected = pair(kRdx, kRax), wanted = pair(kRcx, kRbx);
    auto change = [expected, wanted](std::uint64_t a) { return a == expected ? wanted : a; };
    auto after = [&cpu, expected](std::uint64_t a) {
        cpu.flags.change(kZf, flag_if(a == expected, kZf));
        if (a == expected) return;
        set<std::uint32_t>(cpu, kRax * 8, static_cast<std::uint32_t>(a));
        set<std::uint32_t>(cpu, kRdx * 8, static_cast<std::uint32_t>(a >> 32));
    };
    if (!linear || !update_locked<std::uint64_t>(cpu, *linear, change, after)) return stop_at(cpu, op);
    return go_on(cpu, op);
}

__extension__ using Pair = unsigned __int128;

// As an instruction of the host: the library call that a compiler makes of it may take a lock that other instructions
// of the guest would not know.
[[gnu::target("cx16")]] Pair compare_and_swap(Pair* at, Pair expected, Pair wanted) {
    return __sync_val_compare_and_swap(at, expected, wanted);
}

// The operand must be aligned (SDM volume 2, CMPXCHG8B/CMPXCHG16B).
void compare_exchange_16(Cpu& cpu, const Op* op) {
    auto linear = Segmented::address(cpu, op, 16, Touch::kWrite);
    if (linear && *linear % 16 != 0) {
        cpu.raise(kGeneralProtection, 0);
        return stop_at(cpu, op);
    }
    Pair expected = Pair{cpu.gpr[kRdx]} << 64 | cpu.gpr[kRax];
    Pair wanted = Pair{cpu.gpr[kRcx]} << 64 | cpu.gpr[kRbx];
    Pair found;
    if (!linear) return stop_at(cpu, op);
    if (std::uint8_t* at = cpu.direct<Pair>(*linear)) {
        found = compare_and_swap(reinterpret_cast<Pair*>(at), expected, wanted);
    } else {
        if (!cpu.open_locked(*linear, 16)) return stop_at(cpu, op);
        if (std::uint8_t* in_place = cpu.opened_in_place(16)) {
            found = compare_and_swap(reinterpret_cast<Pair*>(in_place), expected, wanted);
            cpu.closed_in_place(16);
        } else {
            std::memcpy(&found, cpu.slow_value(), 16);
            if (found == expected) std::memcpy(cpu.slow_value(), &wanted, 16);
            cpu.close_locked(16);
        }
    }
    cpu.flags.change(kZf, flag_if(found == expected, kZf));
    if (found != expected) {
        cpu.gpr[kRax] = static_cast<std::uint64_t>(found);
        cpu.gpr[kRdx] = static_cast<std::uint64_t>(found >> 64);
    }
    return go_on(cpu, op);
}

template <Run kRun>
bool lower_wide_cmpxchg(Lowering& l) {
    l.address(0);
    l.op.run = kRun;
    return true;
}

template <class T>
T swap_bytes(T value) {
    if constexpr (sizeof(T) == 2) return __builtin_bswap16(value);
    if constexpr (sizeof(T) == 4) return __builtin_bswap32(value);
    if constexpr (sizeof(T) == 8) return __builtin_bswap64(value);
    return value;
}

// Of a 16-bit register the result is undefined; processors make it zero.
struct Bswap {
    template <class T>
    static T apply(Cpu&, const Op*, T value) {
        return sizeof(T) == 2 ? T{0} : swap_bytes<T>(value);
    }
};
struct MovbeLoad {
    template <class T>
    static void apply(Cpu& cpu, const Op* op, T value) {
        set<T>(cpu, op->dst, swap_bytes<T>(value));
    }
};
struct MovbeStore {
    template <class T>
    static T value(const Cpu& cpu, const Op* op) {
        return swap_bytes<T>(get<T>(cpu, op->src));
    }
};

bool lower_bswap(Lowering& l) {
    return lower_change<Bswap>(l, 0);
}

bool lower_movbe(Lowering& l) {
    if (l.is_memory(0)) {
        l.op.src = l.general(1);
        return lower_make<MovbeStore>(l, 0);
    }
    l.op.dst = l.general(0);
    return lower_use<MovbeLoad>(l, 1);
}

}  // namespace

void add_exchange(InstructionTable& table) {
    table[ZYDIS_MNEMONIC_XCHG] = &lower_xchg;
    table[ZYDIS_MNEMONIC_XADD] = &lower_xadd;
    table[ZYDIS_MNEMONIC_CMPXCHG] = &lower_cmpxchg;
    table[ZYDIS_MNEMONIC_CMPXCHG8B] = &lower_wide_cmpxchg<&compare_exchange_8>;
    table[ZYDIS_MNEMONIC_CMPXCHG16B] = &lower_wide_cmpxchg<&compare_exchange_16>;
    table[ZYDIS_MNEMONIC_BSWAP] = &lower_bswap;
    table[ZYDIS_MNEMONIC_MOVBE] = &lower_movbe;
}

}  // namespace nyx::soft
