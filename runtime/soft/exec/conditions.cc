// CMOVcc, SETcc, and the instructions on single flags: LAHF, SAHF, CLC, STC, CMC, CLD, STD, SALC (SDM volume 2).
#include <utility>

#include "runtime/soft/exec/forms.h"

namespace nyx::soft {
namespace {

// The operand is read either way, and a 32-bit destination's upper half cleared.
template <unsigned kCode>
struct MoveIf {
    template <class T>
    static void apply(Cpu& cpu, const Op* op, T value) {
        set<T>(cpu, op->dst, cpu.flags.holds<kCode>() ? value : get<T>(cpu, op->dst));
    }
};

template <unsigned kCode>
struct SetIf {
    template <class T>
    static T value(const Cpu& cpu, const Op*) {
        return cpu.flags.holds<kCode>() ? T{1} : T{0};
    }
};

template <unsigned kCode>
bool lower_move_if(Lowering& l) {
    l.op.dst = l.general(0);
    return lower_use<MoveIf<kCode>>(l, 1);
}

template <unsigned kCode>
bool lower_set_if(Lowering& l) {
    return lower_make<SetIf<kCode>>(l, 0);
}

// Bit 1 of the low byte of RFLAGS is always set, 3 and 5 never.
void lahf(Cpu& cpu, const Op* op) {
    set<std::uint8_t>(cpu, kRax * 8 + 1, static_cast<std::uint8_t>(cpu.flags.all() | 2));
    return go_on(cpu, op);
}
void sahf(Cpu& cpu, const Op* op) {
    cpu.flags.change(kCf | kPf | kAf | kZf | kSf, get<std::uint8_t>(cpu, kRax * 8 + 1));
    return go_on(cpu, op);
}
void clc(Cpu& cpu, const Op* op) {
    cpu.flags.change(kCf, 0);
    return go_on(cpu, op);
}
void stc(Cpu& cpu, const Op* op) {
    cpu.flags.change(kCf, kCf);
    return go_on(cpu, op);
}
void cmc(Cpu& cpu, const Op* op) {
    cpu.flags.change(kCf, flag_if(!cpu.flags.cf(), kCf));
    return go_on(cpu, op);
}
void cld(Cpu& cpu, const Op* op) {
    cpu.other_flags &= ~kDf;
    return go_on(cpu, op);
}
void std_(Cpu& cpu, const Op* op) {
    cpu.other_flags |= kDf;
    return go_on(cpu, op);
}
void salc(Cpu& cpu, const Op* op) {
    set<std::uint8_t>(cpu, kRax * 8, cpu.flags.cf() ? 0xFF : 0);
    return go_on(cpu, op);
}

template <Run kRun>
bool lower_plain(Lowering& l) {
    l.op.run = kRun;
    return true;
}

// By the low four bits of the opcode.
constexpr ZydisMnemonic kMoves[16] = {
    ZYDIS_MNEMONIC_CMOVO, ZYDIS_MNEMONIC_CMOVNO, ZYDIS_MNEMONIC_CMOVB,  ZYDIS_MNEMONIC_CMOVNB,
    ZYDIS_MNEMONIC_CMOVZ, ZYDIS_MNEMONIC_CMOVNZ, ZYDIS_MNEMONIC_CMOVBE, ZYDIS_MNEMONIC_CMOVNBE,
    ZYDIS_MNEMONIC_CMOVS, ZYDIS_MNEMONIC_CMOVNS, ZYDIS_MNEMONIC_CMOVP,  ZYDIS_MNEMONIC_CMOVNP,
    ZYDIS_MNEMONIC_CMOVL, ZYDIS_MNEMONIC_CMOVNL, ZYDIS_MNEMONIC_CMOVLE, ZYDIS_MNEMONIC_CMOVNLE};
constexpr ZydisMnemonic kSets[16] = {
    ZYDIS_MNEMONIC_SETO, ZYDIS_MNEMONIC_SETNO, ZYDIS_MNEMONIC_SETB,  ZYDIS_MNEMONIC_SETNB,
    ZYDIS_MNEMONIC_SETZ, ZYDIS_MNEMONIC_SETNZ, ZYDIS_MNEMONIC_SETBE, ZYDIS_MNEMONIC_SETNBE,
    ZYDIS_MNEMONIC_SETS, ZYDIS_MNEMONIC_SETNS, ZYDIS_MNEMONIC_SETP,  ZYDIS_MNEMONIC_SETNP,
    ZYDIS_MNEMONIC_SETL, ZYDIS_MNEMONIC_SETNL, ZYDIS_MNEMONIC_SETLE, ZYDIS_MNEMONIC_SETNLE};

}  // namespace

void add_conditions(InstructionTable& table) {
    [&]<std::size_t... kCode>(std::index_sequence<kCode...>) {
        ((table[kMoves[kCode]] = &lower_move_if<kCode>), ...);
        ((table[kSets[kCode]] = &lower_set_if<kCode>), ...);
    }(std::make_index_sequence<16>());
    table[ZYDIS_MNEMONIC_LAHF] = &lower_plain<&lahf>;
    table[ZYDIS_MNEMONIC_SAHF] = &lower_plain<&sahf>;
    table[ZYDIS_MNEMONIC_CLC] = &lower_plain<&clc>;
    table[ZYDIS_MNEMONIC_STC] = &lower_plain<&stc>;
    table[ZYDIS_MNEMONIC_CMC] = &lower_plain<&cmc>;
    table[ZYDIS_MNEMONIC_CLD] = &lower_plain<&cld>;
    table[ZYDIS_MNEMONIC_STD] = &lower_plain<&std_>;
    table[ZYDIS_MNEMONIC_SALC] = &lower_plain<&salc>;
}

}  // namespace nyx::soft
