// BMI1, BMI2, ADX and CRC32 (SDM volume 2). The VEX forms have a third operand, whose register is in op->imm.
#include <bit>

#include "runtime/soft/exec/forms.h"

namespace nyx::soft {
namespace {

template <class T>
T third(const Cpu& cpu, const Op* op) {
    return get<T>(cpu, static_cast<std::uint16_t>(op->imm));
}

// Result and flags of the logical ones: SF and ZF as they are, CF given, OF clear; AF and PF, which the manual leaves
// undefined, by the result as for AND.
template <class T>
void set_result(Cpu& cpu, const Op* op, T r, bool cf) {
    set<T>(cpu, op->dst, r);
    cpu.flags.set_mixed<T>(r, flag_if(cf, kCf));
}

struct Andn {
    template <class T>
    static void apply(Cpu& cpu, const Op* op, T b) {
        set_result<T>(cpu, op, static_cast<T>(~third<T>(cpu, op) & b), false);
    }
};
struct Bextr {
    template <class T>
    static void apply(Cpu& cpu, const Op* op, T a) {
        T control = third<T>(cpu, op);
        unsigned start = control & 0xFF, length = (control >> 8) & 0xFF;
        T r = start < kBits<T> ? static_cast<T>(a >> start) : T{0};
        if (length < kBits<T>) r &= static_cast<T>((T{1} << length) - 1);
        set<T>(cpu, op->dst, r);
        // AF, SF and PF are undefined by the manual.
        bool is_even = std::popcount(static_cast<std::uint8_t>(r)) % 2 == 0;
        cpu.flags.store(kAf | flag_if(r == 0, kZf) | flag_if(is_even, kPf));
    }
};
struct Blsi {
    template <class T>
    static void apply(Cpu& cpu, const Op* op, T a) {
        set_result<T>(cpu, op, static_cast<T>(a & (T{0} - a)), a != 0);
    }
};
struct Blsmsk {
    template <class T>
    static void apply(Cpu& cpu, const Op* op, T a) {
        set_result<T>(cpu, op, static_cast<T>(a ^ (a - 1)), a == 0);
    }
};
struct Blsr {
    template <class T>
    static void apply(Cpu& cpu, const Op* op, T a) {
        set_result<T>(cpu, op, static_cast<T>(a & (a - 1)), a == 0);
    }
};
struct Bzhi {
    template <class T>
    static void apply(Cpu& cpu, const Op* op, T a) {
        unsigned start = third<T>(cpu, op) & 0xFF;
        bool is_all = start >= kBits<T>;
        set_result<T>(cpu, op, is_all ? a : static_cast<T>(a & ((T{1} << start) - 1)), is_all);
    }
};
struct Pdep {
    template <class T>
    static void apply(Cpu& cpu, const Op* op, T mask) {
        T from = third<T>(cpu, op), r = 0;
        for (; mask != 0; mask &= static_cast<T>(mask - 1), from >>= 1)
            if ((from & 1) != 0) r |= static_cast<T>(mask & (T{0} - mask));
        set<T>(cpu, op->dst, r);
    }
};
struct Pext {
    template <class T>
    static void apply(Cpu& cpu, const Op* op, T mask) {
        T from = third<T>(cpu, op), r = 0;
        for (T bit = 1; mask != 0; mask &= static_cast<T>(mask - 1), bit = static_cast<T>(bit << 1))
            if ((from & mask & (T{0} - mask)) != 0) r |= bit;
        set<T>(cpu, op->dst, r);
    }
};
// dst: the high half, imm: the low half, which is written first and so loses when both are one register.
struct Mulx {
    template <class T>
    static void apply(Cpu& cpu, const Op* op, T b) {
        __extension__ using Wide = unsigned __int128;
        Wide product = Wide{get<T>(cpu, kRdx * 8)} * b;
        set<T>(cpu, static_cast<std::uint16_t>(op->imm), static_cast<T>(product));
        set<T>(cpu, op->dst, static_cast<T>(product >> kBits<T>));
    }
};
struct Rorx {
    template <class T>
    static void apply(Cpu& cpu, const Op* op, T a) {
        set<T>(cpu, op->dst, std::rotr(a, static_cast<int>(op->imm % kBits<T>)));
    }
};
struct Sarx {
    template <class T>
    static void apply(Cpu& cpu, const Op* op, T a) {
        auto value = static_cast<std::make_signed_t<T>>(a);
        set<T>(cpu, op->dst, static_cast<T>(value >> (third<T>(cpu, op) % kBits<T>)));
    }
};
struct Shlx {
    template <class T>
    static void apply(Cpu& cpu, const Op* op, T a) {
        set<T>(cpu, op->dst, static_cast<T>(a << (third<T>(cpu, op) % kBits<T>)));
    }
};
struct Shrx {
    template <class T>
    static void apply(Cpu& cpu, const Op* op, T a) {
        set<T>(cpu, op->dst, static_cast<T>(a >> (third<T>(cpu, op) % kBits<T>)));
    }
};

// Addition with a carry of its own: the flag that comes in is the one that goes out, and the only one that changes.
template <std::uint64_t kFlag>
struct AddCarry {
    template <class T>
    static void apply(Cpu& cpu, const Op* op, T b) {
        bool carry = kFlag == kCf ? cpu.flags.cf() : cpu.flags.of();
        T a = get<T>(cpu, op->dst);
        auto r = static_cast<T>(a + b + (carry ? 1 : 0));
        set<T>(cpu, op->dst, r);
        cpu.flags.change(kFlag, flag_if(carry ? r <= a : r < a, kFlag));
    }
};

// The Castagnoli polynomial, bits reversed.
struct Crc32 {
    template <class T>
    static void apply(Cpu& cpu, const Op* op, T data) {
        auto crc = get<std::uint32_t>(cpu, op->dst);
        for (unsigned byte = 0; byte < sizeof(T); ++byte) {
            crc ^= static_cast<std::uint8_t>(std::uint64_t{data} >> (8 * byte));
            for (unsigned bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78 : 0);
        }
        set<std::uint32_t>(cpu, op->dst, crc);
    }
};

// kThird: the number of the operand in op->imm; kSource: of the one that may be memory.
template <class Operation, unsigned kThird, unsigned kSource>
bool lower_three(Lowering& l) {
    l.op.dst = l.general(0);
    l.op.imm = l.general(kThird);
    return lower_use<Operation>(l, kSource);
}

template <class Operation>
bool lower_two(Lowering& l) {
    l.op.dst = l.general(0);
    return lower_use<Operation>(l, 1);
}

bool lower_rorx(Lowering& l) {
    l.op.imm = l.immediate(2);
    return lower_two<Rorx>(l);
}

}  // namespace

void add_bit_fields(InstructionTable& table) {
    table[ZYDIS_MNEMONIC_ANDN] = &lower_three<Andn, 1, 2>;
    table[ZYDIS_MNEMONIC_BEXTR] = &lower_three<Bextr, 2, 1>;
    table[ZYDIS_MNEMONIC_BLSI] = &lower_two<Blsi>;
    table[ZYDIS_MNEMONIC_BLSMSK] = &lower_two<Blsmsk>;
    table[ZYDIS_MNEMONIC_BLSR] = &lower_two<Blsr>;
    table[ZYDIS_MNEMONIC_BZHI] = &lower_three<Bzhi, 2, 1>;
    table[ZYDIS_MNEMONIC_MULX] = &lower_three<Mulx, 1, 2>;
    table[ZYDIS_MNEMONIC_PDEP] = &lower_three<Pdep, 1, 2>;
    table[ZYDIS_MNEMONIC_PEXT] = &lower_three<Pext, 1, 2>;
    table[ZYDIS_MNEMONIC_RORX] = &lower_rorx;
    table[ZYDIS_MNEMONIC_SARX] = &lower_three<Sarx, 2, 1>;
    table[ZYDIS_MNEMONIC_SHLX] = &lower_three<Shlx, 2, 1>;
    table[ZYDIS_MNEMONIC_SHRX] = &lower_three<Shrx, 2, 1>;
    table[ZYDIS_MNEMONIC_ADCX] = &lower_two<AddCarry<kCf>>;
    table[ZYDIS_MNEMONIC_ADOX] = &lower_two<AddCarry<kOf>>;
    table[ZYDIS_MNEMONIC_CRC32] = &lower_two<Crc32>;
}

}  // namespace nyx::soft
