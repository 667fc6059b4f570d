// IN, OUT, INS, OUTS (SDM volume 2; volume 1, §19.5).
#include "runtime/soft/exec/system.h"

namespace nyx::soft {
namespace {

// Beyond the IOPL, and always in virtual-8086 mode, the TSS has a bit for every port.
bool is_allowed_by_tss(Cpu& cpu, std::uint16_t port, unsigned size) {
    const Segment& tss = cpu.segments[kTr];
    bool has_map = tss.is_present() && (tss.type() & 8) != 0 && tss.limit >= 103;
    std::uint16_t map = 0;
    if (!has_map) return fail_with(cpu, kGeneralProtection, 0);
    if (!cpu.load_system(tss.base + 102, map)) return false;
    std::uint32_t at = map + port / 8u;
    std::uint16_t bits = 0;
    if (at + 1 > tss.limit) return fail_with(cpu, kGeneralProtection, 0);
    if (!cpu.load_system(tss.base + at, bits)) return false;
    unsigned wanted = ((1u << size) - 1) << (port % 8u);
    return (bits & wanted) == 0 || fail_with(cpu, kGeneralProtection, 0);
}

bool may_use_port(Cpu& cpu, std::uint16_t port, unsigned size) {
    bool asks_tss = (cpu.control.cr0 & kCr0Pe) != 0 && (cpu.cpl > cpu.iopl() || cpu.is_v86());
    if (asks_tss && !is_allowed_by_tss(cpu, port, size)) return false;
    return cpu.watch_port(port, size);
}

// op->imm: the port, or kInDx.
constexpr std::uint64_t kInDx = 0x10000;

std::uint16_t port_of(const Cpu& cpu, const Op* op) {
    return op->imm == kInDx ? get<std::uint16_t>(cpu, kRdx * 8) : static_cast<std::uint16_t>(op->imm);
}

template <class T>
bool input(Cpu& cpu, const Op* op) {
    std::uint16_t port = port_of(cpu, op);
    if (!may_use_port(cpu, port, sizeof(T))) return false;
    cpu.settle(op);
    T value = 0;
    cpu.surroundings.read_port(port, {reinterpret_cast<std::uint8_t*>(&value), sizeof(T)});
    set<T>(cpu, kRax * 8, value);
    return true;
}

template <class T>
bool output(Cpu& cpu, const Op* op) {
    std::uint16_t port = port_of(cpu, op);
    if (!may_use_port(cpu, port, sizeof(T))) return false;
    cpu.settle(op);
    T value = get<T>(cpu, kRax * 8);
    cpu.surroundings.write_port(port, {reinterpret_cast<const std::uint8_t*>(&value), sizeof(T)});
    return true;
}

// Of the index and count registers only the address size's width counts.
std::uint64_t address_mask(const Op* op) {
    return op->address_bits == 64 ? ~0ull : (std::uint64_t{1} << op->address_bits) - 1;
}
void advance(Cpu& cpu, const Op* op, Reg reg, std::uint64_t by) {
    std::uint64_t value = cpu.gpr[reg] + by;
    if (op->address_bits == 16)
        set<std::uint16_t>(cpu, static_cast<std::uint16_t>(reg * 8), static_cast<std::uint16_t>(value));
    else
        cpu.gpr[reg] = value & address_mask(op);
}

template <class T>
bool input_one(Cpu& cpu, const Op* op, std::uint16_t port) {
    auto linear = cpu.linear_address(kEs, cpu.gpr[kRdi] & address_mask(op), sizeof(T), Touch::kWrite);
    // The port is only read when there is certainly a place for what it gives.
    if (!linear || !cpu.open(*linear, sizeof(T))) return false;
    cpu.surroundings.read_port(port, {cpu.slow_value(), sizeof(T)});
    cpu.close(sizeof(T));
    advance(cpu, op, kRdi, (cpu.other_flags & kDf) != 0 ? 0 - std::uint64_t{sizeof(T)} : sizeof(T));
    return true;
}

template <class T>
bool output_one(Cpu& cpu, const Op* op, std::uint16_t port) {
    auto linear = cpu.linear_address(op->segment, cpu.gpr[kRsi] & address_mask(op), sizeof(T), Touch::kRead);
    T value = 0;
    if (!linear || !cpu.load(*linear, value)) return false;
    cpu.surroundings.write_port(port, {reinterpret_cast<const std::uint8_t*>(&value), sizeof(T)});
    advance(cpu, op, kRsi, (cpu.other_flags & kDf) != 0 ? 0 - std::uint64_t{sizeof(T)} : sizeof(T));
    return true;
}

// op->imm: with REP.
template <unsigned kSize, bool (*kOne)(Cpu&, const Op*, std::uint16_t)>
bool string(Cpu& cpu, const Op* op) {
    const bool repeats = op->imm != 0;
    if (repeats && (cpu.gpr[kRcx] & address_mask(op)) == 0) return true;
    std::uint16_t port = get<std::uint16_t>(cpu, kRdx * 8);
    if (!may_use_port(cpu, port, kSize)) return false;
    cpu.settle(op);
    for (;;) {
        if (!kOne(cpu, op, port)) return false;
        if (!repeats) return true;
        advance(cpu, op, kRcx, ~std::uint64_t{0});
        if ((cpu.gpr[kRcx] & address_mask(op)) == 0) return true;
        if (cpu.wants_pause()) {
            cpu.stop(Stop::kAgain);
            return false;
        }
    }
}

bool take_port(Lowering& l, unsigned operand) {
    l.op.imm = l.is_immediate(operand) ? l.immediate(operand) & 0xFF : kInDx;
    return true;
}

bool lower_in(Lowering& l) {
    take_port(l, 1);
    if (l.bits(0) == 8) return ends_with(l, &then_next<input<std::uint8_t>>);
    if (l.bits(0) == 16) return ends_with(l, &then_next<input<std::uint16_t>>);
    return ends_with(l, &then_next<input<std::uint32_t>>);
}

bool lower_out(Lowering& l) {
    take_port(l, 0);
    if (l.bits(1) == 8) return ends_with(l, &then_next<output<std::uint8_t>>);
    if (l.bits(1) == 16) return ends_with(l, &then_next<output<std::uint16_t>>);
    return ends_with(l, &then_next<output<std::uint32_t>>);
}

template <Work kWork>
bool lower_string(Lowering& l) {
    for (unsigned i = 0; i < l.instruction.operand_count; ++i)
        if (l.is_memory(i)) l.address(i);
    l.op.imm = l.has(ZYDIS_ATTRIB_HAS_REP) || l.has(ZYDIS_ATTRIB_HAS_REPNE) ? 1 : 0;
    return ends_with(l, &then_next<kWork>);
}

template <class T>
constexpr Lower kLowerIns = &lower_string<string<sizeof(T), input_one<T>>>;
template <class T>
constexpr Lower kLowerOuts = &lower_string<string<sizeof(T), output_one<T>>>;

}  // namespace

void add_ports(InstructionTable& table) {
    table[ZYDIS_MNEMONIC_IN] = &lower_in;
    table[ZYDIS_MNEMONIC_OUT] = &lower_out;
    table[ZYDIS_MNEMONIC_INSB] = kLowerIns<std::uint8_t>;
    table[ZYDIS_MNEMONIC_INSW] = kLowerIns<std::uint16_t>;
    table[ZYDIS_MNEMONIC_INSD] = kLowerIns<std::uint32_t>;
    table[ZYDIS_MNEMONIC_OUTSB] = kLowerOuts<std::uint8_t>;
    table[ZYDIS_MNEMONIC_OUTSW] = kLowerOuts<std::uint16_t>;
    table[ZYDIS_MNEMONIC_OUTSD] = kLowerOuts<std::uint32_t>;
}

}  // namespace nyx::soft
