// The condition comes from the operands, without a detour over the lazy flags, which are left behind for whoever asks.
// The comparison alone may fault, and does so as if it stood alone.
#include "runtime/soft/exec/compare_branch.h"

#include <array>
#include <type_traits>
#include <utility>

#include "runtime/soft/exec/pick.h"

namespace nyx::soft {
namespace {

// Conditions by the low four bits of the opcode, of a - b (SDM volume 1, appendix B); O and P are left to the flags.
struct Cmp {
    static constexpr unsigned kConditions = 0xF3FC;
    template <class T>
    static T set_flags(Cpu& cpu, T a, T b) {
        T r = static_cast<T>(a - b);
        cpu.flags.set<T>(FlagKind::kSub, r, b);
        return r;
    }
    template <unsigned kPair, class T>
    static bool holds(T a, T b, T r) {
        using Signed = std::make_signed_t<T>;
        if constexpr (kPair == 1) return a < b;
        if constexpr (kPair == 2) return a == b;
        if constexpr (kPair == 3) return a <= b;
        if constexpr (kPair == 4) return static_cast<Signed>(r) < 0;
        if constexpr (kPair == 6) return static_cast<Signed>(a) < static_cast<Signed>(b);
        if constexpr (kPair == 7) return static_cast<Signed>(a) <= static_cast<Signed>(b);
        return false;
    }
};
// Of a & b: CF and OF are clear.
struct Test {
    static constexpr unsigned kConditions = 0xF330;
    template <class T>
    static T set_flags(Cpu& cpu, T a, T b) {
        T r = a & b;
        cpu.flags.set_logic<T>(r);
        return r;
    }
    template <unsigned kPair, class T>
    static bool holds(T, T, T r) {
        using Signed = std::make_signed_t<T>;
        if constexpr (kPair == 2) return r == 0;
        if constexpr (kPair == 4 || kPair == 6) return static_cast<Signed>(r) < 0;
        if constexpr (kPair == 7) return static_cast<Signed>(r) <= 0;
        return false;
    }
};

// `op` is the comparison, op[1] the jump.
template <class Compare, unsigned kCode, class T>
void finish(Cpu& cpu, const Op* op, T a, T b) {
    T r = Compare::template set_flags<T>(cpu, a, b);
    const Op* jump = op + 1;
    if (Compare::template holds<kCode / 2, T>(a, b, r) != (kCode % 2 != 0)) return chain<0>(cpu, jump, jump->imm);
    return chain<1>(cpu, jump, static_cast<std::uint64_t>(jump->disp));
}

// Which operand is in memory.
struct Registers {
    template <class Compare, unsigned kCode, class T, class From>
    static void run(Cpu& cpu, const Op* op) {
        return finish<Compare, kCode, T>(cpu, op, get<T>(cpu, op->dst), From::template value<T>(cpu, op));
    }
};
struct MemoryFirst {
    template <class Compare, unsigned kCode, class T, class From>
    static void run(Cpu& cpu, const Op* op) {
        T a;
        if (!load<Flat>(cpu, op, a)) return stop_at(cpu, op);
        return finish<Compare, kCode, T>(cpu, op, a, From::template value<T>(cpu, op));
    }
};
struct MemorySecond {
    template <class Compare, unsigned kCode, class T, class From>
    static void run(Cpu& cpu, const Op* op) {
        T b;
        if (!load<Flat>(cpu, op, b)) return stop_at(cpu, op);
        return finish<Compare, kCode, T>(cpu, op, get<T>(cpu, op->dst), b);
    }
};

template <class Compare, class T, class Where, class From>
Run by_condition(unsigned condition) {
    return [&]<std::size_t... kCode>(std::index_sequence<kCode...>) {
        auto one = []<unsigned kOne>() -> Run {
            if constexpr ((Compare::kConditions >> kOne & 1) != 0)
                return &Where::template run<Compare, kOne, T, From>;
            else
                return nullptr;
        };
        const std::array<Run, 16> all { one.template operator()<static_cast<unsigned>(kCode)>()... };
        return all[condition & 15];
    }(std::make_index_sequence<16>());
}

template <class Compare, class T>
Run by_operands(CompareForm::Operands operands, unsigned condition) {
    switch (operands) {
        case CompareForm::Operands::kRegisters:
            return by_condition<Compare, T, Registers, FromRegister>(condition);
        case CompareForm::Operands::kRegisterImmediate:
            return by_condition<Compare, T, Registers, FromImmediate>(condition);
        case CompareForm::Operands::kMemoryRegister:
            return by_condition<Compare, T, MemoryFirst, FromRegister>(condition);
        case CompareForm::Operands::kMemoryImmediate:
            return by_condition<Compare, T, MemoryFirst, FromImmediate>(condition);
        case CompareForm::Operands::kRegisterMemory:
            return by_condition<Compare, T, MemorySecond, FromRegister>(condition);
    }
    return nullptr;
}

template <class Compare>
Run by_bits(const CompareForm& comparison, unsigned condition) {
    switch (comparison.bits) {
        case 8:
            return by_operands<Compare, std::uint8_t>(comparison.operands, condition);
        case 32:
            return by_operands<Compare, std::uint32_t>(comparison.operands, condition);
        case 64:
            return by_operands<Compare, std::uint64_t>(comparison.operands, condition);
        default:
            return nullptr;
    }
}

}  // namespace

Run compare_and_branch(const CompareForm& comparison, unsigned condition) {
    switch (comparison.what) {
        case CompareForm::What::kCmp:
            return by_bits<Cmp>(comparison, condition);
        case CompareForm::What::kTest:
            return by_bits<Test>(comparison, condition);
        case CompareForm::What::kNone:
            break;
    }
    return nullptr;
}

}  // namespace nyx::soft
