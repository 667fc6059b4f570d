// MOVS, STOS, LODS, CMPS, SCAS and their repetition (SDM volume 2, REP).
//
// rCX, rSI and rDI always say how far it got, so that it can be started again after a fault, an interrupt or a look at
// what wants attention. Stretches within a page are moved and filled at once.
#include "runtime/soft/exec/forms.h"
#include "runtime/soft/exec/stretch.h"

namespace nyx::soft {
namespace {

enum class Until : std::uint8_t { kCounted, kNotZero, kZero };

// An operation does one element (false: it raised), and many at once (0: it cannot here).
struct Movs {
    template <class T>
    static bool once(Cpu& cpu, const Op* op) {
        T value;
        if (!load_element(cpu, op, op->segment, kRsi, value) || !store_element(cpu, op, value)) return false;
        advance(cpu, op, kRsi, step<T>(cpu));
        advance(cpu, op, kRdi, step<T>(cpu));
        return true;
    }
    template <class T, Until>
    static std::uint64_t many(Cpu& cpu, const Op* op) {
        Stretch to = stretch(cpu, op, kEs, kRdi, sizeof(T), remaining(cpu, op), Touch::kWrite);
        if (to.count == 0) return 0;
        Stretch from = stretch(cpu, op, op->segment, kRsi, sizeof(T), to.count, Touch::kRead);
        if (from.count == 0) return 0;
        const bool down = goes_down(cpu);
        if (down) to.host += (to.count - from.count) * sizeof(T);
        copy_elements<T>(to.host, from.host, from.count, down);
        advance(cpu, op, kRsi, from.count * step<T>(cpu));
        advance(cpu, op, kRdi, from.count * step<T>(cpu));
        return from.count;
    }
};
struct Stos {
    template <class T>
    static bool once(Cpu& cpu, const Op* op) {
        if (!store_element(cpu, op, get<T>(cpu, kRax * 8))) return false;
        advance(cpu, op, kRdi, step<T>(cpu));
        return true;
    }
    template <class T, Until>
    static std::uint64_t many(Cpu& cpu, const Op* op) {
        Stretch to = stretch(cpu, op, kEs, kRdi, sizeof(T), remaining(cpu, op), Touch::kWrite);
        if (to.count == 0) return 0;
        T value = get<T>(cpu, kRax * 8);
        for (std::uint64_t i = 0; i < to.count; ++i) store_guest(to.host + i * sizeof(T), value);
        advance(cpu, op, kRdi, to.count * step<T>(cpu));
        return to.count;
    }
};
struct Lods {
    template <class T, Until>
    static std::uint64_t many(Cpu&, const Op*) {
        return 0;
    }
    template <class T>
    static bool once(Cpu& cpu, const Op* op) {
        T value;
        if (!load_element(cpu, op, op->segment, kRsi, value)) return false;
        set<T>(cpu, kRax * 8, value);
        advance(cpu, op, kRsi, step<T>(cpu));
        return true;
    }
};
// How many elements are compared upwards from `b`, with those from `a` on (a_step 1) or the one there (0).
template <class T, Until kUntil>
std::uint64_t compared(const std::uint8_t* a, unsigned a_step, const std::uint8_t* b, std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i) {
        T x, y;
        load_guest(x, a + i * a_step * sizeof(T));
        load_guest(y, b + i * sizeof(T));
        if ((x == y) == (kUntil == Until::kZero)) return i + 1;
    }
    return count;
}
template <class T>
void set_compare_flags(Cpu& cpu, const std::uint8_t* a, const std::uint8_t* b) {
    T x, y;
    load_guest(x, a);
    load_guest(y, b);
    cpu.flags.set<T>(FlagKind::kSub, static_cast<T>(x - y), y);
}
struct Cmps {
    template <class T, Until kUntil>
    static std::uint64_t many(Cpu& cpu, const Op* op) {
        if (goes_down(cpu)) return 0;
        Stretch b = stretch(cpu, op, kEs, kRdi, sizeof(T), remaining(cpu, op), Touch::kRead);
        if (b.count == 0) return 0;
        Stretch a = stretch(cpu, op, op->segment, kRsi, sizeof(T), b.count, Touch::kRead);
        if (a.count == 0) return 0;
        std::uint64_t count = compared<T, kUntil>(a.host, 1, b.host, a.count);
        set_compare_flags<T>(cpu, a.host + (count - 1) * sizeof(T), b.host + (count - 1) * sizeof(T));
        advance(cpu, op, kRsi, count * sizeof(T));
        advance(cpu, op, kRdi, count * sizeof(T));
        return count;
    }
    template <class T>
    static bool once(Cpu& cpu, const Op* op) {
        T a, b;
        if (!load_element(cpu, op, op->segment, kRsi, a) || !load_element(cpu, op, kEs, kRdi, b)) return false;
        cpu.flags.set<T>(FlagKind::kSub, static_cast<T>(a - b), b);
        advance(cpu, op, kRsi, step<T>(cpu));
        advance(cpu, op, kRdi, step<T>(cpu));
        return true;
    }
};
struct Scas {
    template <class T, Until kUntil>
    static std::uint64_t many(Cpu& cpu, const Op* op) {
        if (goes_down(cpu)) return 0;
        Stretch b = stretch(cpu, op, kEs, kRdi, sizeof(T), remaining(cpu, op), Touch::kRead);
        if (b.count == 0) return 0;
        const auto* a = reinterpret_cast<const std::uint8_t*>(&cpu.gpr[kRax]);
        std::uint64_t count = compared<T, kUntil>(a, 0, b.host, b.count);
        set_compare_flags<T>(cpu, a, b.host + (count - 1) * sizeof(T));
        advance(cpu, op, kRdi, count * sizeof(T));
        return count;
    }
    template <class T>
    static bool once(Cpu& cpu, const Op* op) {
        T b;
        if (!load_element(cpu, op, kEs, kRdi, b)) return false;
        cpu.flags.set<T>(FlagKind::kSub, static_cast<T>(get<T>(cpu, kRax * 8) - b), b);
        advance(cpu, op, kRdi, step<T>(cpu));
        return true;
    }
};

template <class Operation, class T>
void string_once(Cpu& cpu, const Op* op) {
    if (!Operation::template once<T>(cpu, op)) return stop_at(cpu, op);
    return go_on(cpu, op);
}

// False: there is more to do, or it raised.
template <class Operation, class T, Until kUntil>
bool repeat(Cpu& cpu, const Op* op) {
    const bool one_by_one = (cpu.other_flags & kTf) != 0;
    while (remaining(cpu, op) != 0) {
        std::uint64_t done = one_by_one ? 0 : Operation::template many<T, kUntil>(cpu, op);
        if (done == 0) {
            if (!Operation::template once<T>(cpu, op)) return false;
            done = 1;
        }
        advance(cpu, op, kRcx, 0 - done);
        if (kUntil == Until::kNotZero && !cpu.flags.zf()) return true;
        if (kUntil == Until::kZero && cpu.flags.zf()) return true;
        if (remaining(cpu, op) == 0) return true;
        if (cpu.wants_pause()) {
            cpu.stop(Stop::kAgain);
            return false;
        }
    }
    return true;
}

template <class Operation, class T, Until kUntil>
void string_repeated(Cpu& cpu, const Op* op) {
    if (!repeat<Operation, T, kUntil>(cpu, op)) return stop_at(cpu, op);
    return go_on(cpu, op);
}

// F2 or F3, the one that is nearest to the opcode; on MOVS, STOS and LODS both mean REP.
std::uint8_t repeat_prefix(const Lowering& l) {
    std::uint8_t found = 0;
    for (unsigned i = 0; i < l.instruction.raw.prefix_count; ++i)
        if (std::uint8_t value = l.instruction.raw.prefixes[i].value; value == 0xF2 || value == 0xF3) found = value;
    return found;
}

template <class Operation, class T>
Run pick_string(std::uint8_t prefix, bool compares) {
    if (prefix == 0) return &string_once<Operation, T>;
    if (!compares) return &string_repeated<Operation, T, Until::kCounted>;
    return prefix == 0xF3 ? &string_repeated<Operation, T, Until::kNotZero>
                          : &string_repeated<Operation, T, Until::kZero>;
}

template <class Operation, class T, bool kCompares>
bool lower_string(Lowering& l) {
    // The source may have a segment of its own; the destination is in ES.
    for (unsigned i = 0; i < l.instruction.operand_count; ++i)
        if (l.is_memory(i) && general_number(l.operands[i].mem.base) == kRsi) l.address(i);
    l.op.address_bits = l.instruction.address_width;
    l.op.run = pick_string<Operation, T>(repeat_prefix(l), kCompares);
    return true;
}

template <class Operation, bool kCompares>
void add_widths(InstructionTable& table, std::array<ZydisMnemonic, 4> mnemonics) {
    table[mnemonics[0]] = &lower_string<Operation, std::uint8_t, kCompares>;
    table[mnemonics[1]] = &lower_string<Operation, std::uint16_t, kCompares>;
    table[mnemonics[2]] = &lower_string<Operation, std::uint32_t, kCompares>;
    table[mnemonics[3]] = &lower_string<Operation, std::uint64_t, kCompares>;
}

}  // namespace

void add_strings(InstructionTable& table) {
    add_widths<Movs, false>(table,
                            {ZYDIS_MNEMONIC_MOVSB, ZYDIS_MNEMONIC_MOVSW, ZYDIS_MNEMONIC_MOVSD, ZYDIS_MNEMONIC_MOVSQ});
    add_widths<Stos, false>(table,
                            {ZYDIS_MNEMONIC_STOSB, ZYDIS_MNEMONIC_STOSW, ZYDIS_MNEMONIC_STOSD, ZYDIS_MNEMONIC_STOSQ});
    add_widths<Lods, false>(table,
                            {ZYDIS_MNEMONIC_LODSB, ZYDIS_MNEMONIC_LODSW, ZYDIS_MNEMONIC_LODSD, ZYDIS_MNEMONIC_LODSQ});
    add_widths<Cmps, true>(table,
                           {ZYDIS_MNEMONIC_CMPSB, ZYDIS_MNEMONIC_CMPSW, ZYDIS_MNEMONIC_CMPSD, ZYDIS_MNEMONIC_CMPSQ});
    add_widths<Scas, true>(table,
                           {ZYDIS_MNEMONIC_SCASB, ZYDIS_MNEMONIC_SCASW, ZYDIS_MNEMONIC_SCASD, ZYDIS_MNEMONIC_SCASQ});
}

}  // namespace nyx::soft
