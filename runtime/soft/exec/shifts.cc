// SHL, SHR, SAR, ROL, ROR, RCL, RCR, SHLD, SHRD (SDM volume 2). A count of 0 leaves every flag alone.
//
// Where the manual leaves OF and AF undefined (counts above 1) they are as AMD's processors have them: OF by the same
// rule as for a count of 1, AF set by shifts.
#include <bit>

#include "runtime/soft/exec/forms.h"

namespace nyx::soft {
namespace {

// The count's mask: 5 bits, 6 for 64-bit operands.
template <class T>
inline constexpr unsigned kCountMask = sizeof(T) == 8 ? 63 : 31;

struct CountImmediate {
    template <class T>
    static unsigned count(const Cpu&, const Op* op) {
        return static_cast<unsigned>(op->imm) & kCountMask<T>;
    }
};
struct CountCl {
    template <class T>
    static unsigned count(const Cpu& cpu, const Op*) {
        return static_cast<unsigned>(cpu.gpr[kRcx]) & kCountMask<T>;
    }
};

// Narrow operands may be shifted by more than their width.
struct Shl {
    template <class T>
    static T apply(Cpu& cpu, T a, unsigned count) {
        auto r = static_cast<T>(std::uint64_t{a} << count);
        bool cf = count <= kBits<T> && ((a >> (kBits<T> - count)) & 1) != 0;
        cpu.flags.set_mixed<T>(r, kAf | flag_if(cf, kCf) | flag_if(cf != top_bit(r), kOf));
        return r;
    }
};
struct Shr {
    template <class T>
    static T apply(Cpu& cpu, T a, unsigned count) {
        auto r = static_cast<T>(std::uint64_t{a} >> count);
        bool cf = ((std::uint64_t{a} >> (count - 1)) & 1) != 0;
        bool of = top_bit(static_cast<T>(r << 1)) != top_bit(r);
        cpu.flags.set_mixed<T>(r, kAf | flag_if(cf, kCf) | flag_if(of, kOf));
        return r;
    }
};
struct Sar {
    template <class T>
    static T apply(Cpu& cpu, T a, unsigned count) {
        // NOLINTNEXTLINE(bugprone-signed-char-misuse): the operand is a number
        std::int64_t wide = static_cast<std::make_signed_t<T>>(a);
        auto r = static_cast<T>(wide >> count);
        cpu.flags.set_mixed<T>(r, kAf | flag_if(((wide >> (count - 1)) & 1) != 0, kCf));
        return r;
    }
};

inline void set_rotate_flags(Cpu& cpu, bool cf, bool of) {
    cpu.flags.change(kCf | kOf, flag_if(cf, kCf) | flag_if(of, kOf));
}
struct Rol {
    template <class T>
    static T apply(Cpu& cpu, T a, unsigned count) {
        T r = std::rotl(a, static_cast<int>(count));
        bool cf = (r & 1) != 0;
        set_rotate_flags(cpu, cf, top_bit(r) != cf);
        return r;
    }
};
struct Ror {
    template <class T>
    static T apply(Cpu& cpu, T a, unsigned count) {
        T r = std::rotr(a, static_cast<int>(count));
        set_rotate_flags(cpu, top_bit(r), top_bit(r) != top_bit(static_cast<T>(r << 1)));
        return r;
    }
};

// Through CF: a rotation of one bit more than the operand has. Bit by bit would do; these are two shifts.
template <class T>
T rotate_through(T a, bool carry, unsigned left, bool& carry_out) {
    constexpr unsigned kWidth = kBits<T> + 1;
    if (left == 0) {
        carry_out = carry;
        return a;
    }
    carry_out = ((a >> (kBits<T> - left)) & 1) != 0;
    T high = left < kBits<T> ? static_cast<T>(a << left) : T{0};
    T middle = static_cast<T>(T{carry} << (left - 1));
    T low = left > 1 ? static_cast<T>(a >> (kWidth - left)) : T{0};
    return high | middle | low;
}
struct Rcl {
    template <class T>
    static T apply(Cpu& cpu, T a, unsigned count) {
        bool cf = false;
        T r = rotate_through<T>(a, cpu.flags.cf(), count % (kBits<T> + 1), cf);
        set_rotate_flags(cpu, cf, top_bit(r) != cf);
        return r;
    }
};
struct Rcr {
    template <class T>
    static T apply(Cpu& cpu, T a, unsigned count) {
        constexpr unsigned kWidth = kBits<T> + 1;
        bool cf = false;
        T r = rotate_through<T>(a, cpu.flags.cf(), (kWidth - count % kWidth) % kWidth, cf);
        set_rotate_flags(cpu, cf, top_bit(r) != top_bit(static_cast<T>(r << 1)));
        return r;
    }
};

template <class Operation, class Count>
struct Shift {
    template <class T>
    static T apply(Cpu& cpu, const Op* op, T a) {
        unsigned count = Count::template count<T>(cpu, op);
        return count == 0 ? a : Operation::template apply<T>(cpu, a, count);
    }
};

template <class Operation>
bool lower_shift(Lowering& l) {
    if (!l.is_immediate(1)) return lower_change<Shift<Operation, CountCl>>(l, 0);
    l.op.imm = l.immediate(1);
    return lower_change<Shift<Operation, CountImmediate>>(l, 0);
}

// `in` comes in at the far end; of a 16-bit operand shifted by more than 16, which the manual leaves undefined, again,
// and CF is clear then.
template <class T>
T shift_double_left(T a, T in, unsigned count) {
    if (count >= kBits<T>) return std::rotl(in, static_cast<int>(count - kBits<T>));
    return static_cast<T>((a << count) | (in >> (kBits<T> - count)));
}
template <class T>
T shift_double_right(T a, T in, unsigned count) {
    if (count >= kBits<T>) return std::rotr(in, static_cast<int>(count - kBits<T>));
    return static_cast<T>((a >> count) | (in << (kBits<T> - count)));
}

template <bool kLeft, class Count>
struct ShiftDouble {
    template <class T>
    static T apply(Cpu& cpu, const Op* op, T a) {
        unsigned count = Count::template count<T>(cpu, op);
        if (count == 0) return a;
        T in = get<T>(cpu, op->src);
        T r = kLeft ? shift_double_left<T>(a, in, count) : shift_double_right<T>(a, in, count);
        const bool is_beyond = count > kBits<T>;
        bool cf = !is_beyond && ((a >> (kLeft ? kBits<T> - count : count - 1)) & 1) != 0;
        bool top = count < kBits<T> && top_bit(static_cast<T>(a << count));  // not what came in
        bool of = kLeft ? top != cf : top_bit(r) != top_bit(static_cast<T>(r << 1));
        cpu.flags.set_mixed<T>(r, kAf | flag_if(cf, kCf) | flag_if(of, kOf));
        return r;
    }
};

template <bool kLeft>
bool lower_shift_double(Lowering& l) {
    if (l.bits(0) == 8) return false;
    l.op.src = l.general(1);
    if (!l.is_immediate(2)) return lower_change<ShiftDouble<kLeft, CountCl>>(l, 0);
    l.op.imm = l.immediate(2);
    return lower_change<ShiftDouble<kLeft, CountImmediate>>(l, 0);
}

}  // namespace

void add_shifts(InstructionTable& table) {
    table[ZYDIS_MNEMONIC_SHL] = &lower_shift<Shl>;
    table[ZYDIS_MNEMONIC_SHR] = &lower_shift<Shr>;
    table[ZYDIS_MNEMONIC_SAR] = &lower_shift<Sar>;
    table[ZYDIS_MNEMONIC_ROL] = &lower_shift<Rol>;
    table[ZYDIS_MNEMONIC_ROR] = &lower_shift<Ror>;
    table[ZYDIS_MNEMONIC_RCL] = &lower_shift<Rcl>;
    table[ZYDIS_MNEMONIC_RCR] = &lower_shift<Rcr>;
    table[ZYDIS_MNEMONIC_SHLD] = &lower_shift_double<true>;
    table[ZYDIS_MNEMONIC_SHRD] = &lower_shift_double<false>;
}

}  // namespace nyx::soft
