// MUL, IMUL, DIV, IDIV (SDM volume 2). Flags that the manual leaves undefined stay as they were, as on AMD's
// processors.
#include <limits>

#include "runtime/soft/exec/forms.h"

namespace nyx::soft {
namespace {

__extension__ using Unsigned128 = unsigned __int128;
__extension__ using Signed128 = __int128;

// The type of twice the width.
template <class T>
struct Double;
template <>
struct Double<std::uint8_t> {
    using Unsigned = std::uint16_t;
    using Signed = std::int16_t;
};
template <>
struct Double<std::uint16_t> {
    using Unsigned = std::uint32_t;
    using Signed = std::int32_t;
};
template <>
struct Double<std::uint32_t> {
    using Unsigned = std::uint64_t;
    using Signed = std::int64_t;
};
template <>
struct Double<std::uint64_t> {
    using Unsigned = Unsigned128;
    using Signed = Signed128;
};
template <class T>
using Wide = typename Double<T>::Unsigned;
template <class T>
using SignedWide = typename Double<T>::Signed;

// AX for bytes, rDX:rAX for the rest.
template <class T>
Wide<T> accumulator(const Cpu& cpu) {
    if constexpr (sizeof(T) == 1)
        return get<std::uint16_t>(cpu, kRax * 8);
    else
        return static_cast<Wide<T>>((Wide<T>{get<T>(cpu, kRdx * 8)} << kBits<T>) | get<T>(cpu, kRax * 8));
}
template <class T>
void set_accumulator(Cpu& cpu, T high, T low) {
    set<T>(cpu, kRax * 8, low);
    if constexpr (sizeof(T) == 1)
        set<T>(cpu, kRax * 8 + 1, high);
    else
        set<T>(cpu, kRdx * 8, high);
}

// CF and OF: the product does not fit.
void set_product_flags(Cpu& cpu, bool overflows) {
    cpu.flags.change(kCf | kOf, flag_if(overflows, kCf | kOf));
}
template <class T>
SignedWide<T> signed_product(T a, T b) {
    using Signed = std::make_signed_t<T>;
    return static_cast<SignedWide<T>>(SignedWide<T>{static_cast<Signed>(a)} * static_cast<Signed>(b));
}
template <class T>
bool overflows(SignedWide<T> product) {
    return product != static_cast<std::make_signed_t<T>>(product);
}

struct Mul {
    template <class T>
    static void apply(Cpu& cpu, const Op*, T b) {
        auto product = static_cast<Wide<T>>(Wide<T>{get<T>(cpu, kRax * 8)} * b);
        auto high = static_cast<T>(product >> kBits<T>);
        set_accumulator<T>(cpu, high, static_cast<T>(product));
        set_product_flags(cpu, high != 0);
    }
};
struct Imul {
    template <class T>
    static void apply(Cpu& cpu, const Op*, T b) {
        auto product = signed_product<T>(get<T>(cpu, kRax * 8), b);
        auto bits = static_cast<Wide<T>>(product);
        set_accumulator<T>(cpu, static_cast<T>(bits >> kBits<T>), static_cast<T>(bits));
        set_product_flags(cpu, overflows<T>(product));
    }
};
// Of two operands: the other factor is the destination. Of three: the immediate.
struct ImulRegister {
    template <class T>
    static void apply(Cpu& cpu, const Op* op, T b) {
        auto product = signed_product<T>(get<T>(cpu, op->dst), b);
        set<T>(cpu, op->dst, static_cast<T>(product));
        set_product_flags(cpu, overflows<T>(product));
    }
};
struct ImulImmediate {
    template <class T>
    static void apply(Cpu& cpu, const Op* op, T b) {
        auto product = signed_product<T>(static_cast<T>(op->imm), b);
        set<T>(cpu, op->dst, static_cast<T>(product));
        set_product_flags(cpu, overflows<T>(product));
    }
};

struct Div {
    template <class T>
    static bool apply(Cpu& cpu, const Op*, T b) {
        Wide<T> a = accumulator<T>(cpu);
        // The quotient fits if and only if the upper half is smaller than the divisor; also where that is zero.
        if (static_cast<T>(a >> kBits<T>) >= b) {
            cpu.raise(kDivideError);
            return false;
        }
        set_accumulator<T>(cpu, static_cast<T>(a % b), static_cast<T>(a / b));
        cpu.flags.change(kAf | kSf | kZf | kPf, kAf);
        return true;
    }
};
struct Idiv {
    template <class T>
    static bool apply(Cpu& cpu, const Op*, T divisor) {
        using Signed = std::make_signed_t<T>;
        auto a = static_cast<SignedWide<T>>(accumulator<T>(cpu));
        auto b = static_cast<Signed>(divisor);
        // The one quotient that the wide type itself cannot hold.
        constexpr auto kLeast = static_cast<SignedWide<T>>(Wide<T>{1} << (2 * kBits<T> - 1));
        bool fails = b == 0 || (a == kLeast && b == -1);
        SignedWide<T> quotient = fails ? SignedWide<T>{0} : static_cast<SignedWide<T>>(a / b);
        if (fails || quotient != static_cast<Signed>(quotient)) {
            cpu.raise(kDivideError);
            return false;
        }
        set_accumulator<T>(cpu, static_cast<T>(a % b), static_cast<T>(quotient));
        cpu.flags.change(kAf | kSf | kZf | kPf, kAf);
        return true;
    }
};

bool lower_imul(Lowering& l) {
    if (l.instruction.operand_count_visible == 1) return lower_use<Imul>(l, 0);
    l.op.dst = l.general(0);
    if (l.instruction.operand_count_visible == 2) return lower_use<ImulRegister>(l, 1);
    l.op.imm = l.immediate(2);
    return lower_use<ImulImmediate>(l, 1);
}

template <class Operation>
bool lower_one_operand(Lowering& l) {
    return lower_use<Operation>(l, 0);
}

}  // namespace

void add_multiply(InstructionTable& table) {
    table[ZYDIS_MNEMONIC_MUL] = &lower_one_operand<Mul>;
    table[ZYDIS_MNEMONIC_IMUL] = &lower_imul;
    table[ZYDIS_MNEMONIC_DIV] = &lower_one_operand<Div>;
    table[ZYDIS_MNEMONIC_IDIV] = &lower_one_operand<Idiv>;
}

}  // namespace nyx::soft
