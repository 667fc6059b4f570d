// LGDT, SGDT and their kin, LLDT, LTR, SLDT, STR, LAR, LSL, VERR, VERW, ARPL (SDM volume 2).
#include "runtime/soft/exec/system.h"

namespace nyx::soft {
namespace {

// SDM volume 3, §2.5, CR4.UMIP.
bool may_look(Cpu& cpu) {
    bool is_hidden = (cpu.control.cr4 & kCr4Umip) != 0 && cpu.cpl != 0;
    return !is_hidden || fail_with(cpu, kGeneralProtection, 0);
}

// The base has 8 bytes in 64-bit code, else 4, of which 16-bit operands use 3. op->dst: that mask's bytes.
template <DescriptorTable CpuState::* kTable>
bool load_table(Cpu& cpu, const Op* op) {
    if (!require_level_0(cpu)) return false;
    const unsigned size = cpu.is_64() ? 8 : 4;
    auto at = operand_address(cpu, op, 0, 2, Touch::kRead);
    DescriptorTable table;
    if (!at || !cpu.load(*at, table.limit)) return false;
    auto behind = operand_address(cpu, op, 2, size, Touch::kRead);
    std::uint32_t narrow = 0;
    if (!behind || !(size == 8 ? cpu.load(*behind, table.base) : cpu.load(*behind, narrow))) return false;
    if (size == 4) table.base = op->dst == 3 ? narrow & 0xFFFFFF : narrow;
    if (size == 8 && !is_canonical(table.base)) return fail_with(cpu, kGeneralProtection, 0);
    cpu.*kTable = table;
    return true;
}

template <DescriptorTable CpuState::* kTable>
bool store_table(Cpu& cpu, const Op* op) {
    if (!may_look(cpu)) return false;
    const unsigned size = cpu.is_64() ? 8 : 4;
    auto at = operand_address(cpu, op, 0, 2, Touch::kWrite);
    auto behind = at ? operand_address(cpu, op, 2, size, Touch::kWrite) : std::nullopt;
    const DescriptorTable& table = cpu.*kTable;
    if (!behind) return false;
    bool ok = size == 8 ? cpu.store(*behind, table.base) : cpu.store(*behind, static_cast<std::uint32_t>(table.base));
    return ok && cpu.store(*at, table.limit);
}

template <Work kWork>
bool lower_table(Lowering& l) {
    take_operand(l, 0);
    l.op.dst = static_cast<std::uint16_t>(l.operand_bits() == 16 ? 3 : l.operand_bits() / 8);
    return ends_with(l, &then_next<kWork>);
}

bool load_ldt(Cpu& cpu, const Op* op) {
    if (!require_protected(cpu) || !require_level_0(cpu)) return false;
    auto value = read_operand(cpu, op, 2);
    if (!value) return false;
    auto selector = static_cast<std::uint16_t>(*value);
    if (is_null(selector)) {
        cpu.segments[kLdtr] = null_segment(selector);
        return true;
    }
    if ((selector & 4) != 0) return fail_with(cpu, kGeneralProtection, code_of(selector));
    auto found = descriptor_of(cpu, selector, kGeneralProtection);
    if (!found) return false;
    if (!found->is_system() || found->type() != kLdt) return fail_with(cpu, kGeneralProtection, code_of(selector));
    if (!found->is_present()) return fail_with(cpu, kSegmentNotPresent, code_of(selector));
    if (!complete(cpu, *found, kGeneralProtection)) return false;
    cpu.segments[kLdtr] = found->segment();
    return true;
}

bool load_task(Cpu& cpu, const Op* op) {
    if (!require_protected(cpu) || !require_level_0(cpu)) return false;
    auto value = read_operand(cpu, op, 2);
    if (!value) return false;
    auto selector = static_cast<std::uint16_t>(*value);
    if (is_null(selector)) return fail_with(cpu, kGeneralProtection, 0);
    if ((selector & 4) != 0) return fail_with(cpu, kGeneralProtection, code_of(selector));
    auto found = descriptor_of(cpu, selector, kGeneralProtection);
    if (!found) return false;
    bool is_tss = found->type() == kTss || (found->type() == kTss16 && !cpu.is_long());
    if (!found->is_system() || !is_tss) return fail_with(cpu, kGeneralProtection, code_of(selector));
    if (!found->is_present()) return fail_with(cpu, kSegmentNotPresent, code_of(selector));
    if (!complete(cpu, *found, kGeneralProtection)) return false;
    found->low |= std::uint64_t{2} << 40;  // busy
    if (!cpu.store_system(found->address + 5, static_cast<std::uint8_t>(found->low >> 40))) return false;
    cpu.segments[kTr] = found->segment();
    return true;
}

template <Seg kSegment>
bool store_selector(Cpu& cpu, const Op* op) {
    if (!require_protected(cpu) || !may_look(cpu)) return false;
    return write_operand(cpu, op, cpu.segments[kSegment].selector, op->dst, 2);
}

template <Work kWork>
bool lower_selector(Lowering& l) {
    take_operand(l, 0);
    l.op.dst = static_cast<std::uint16_t>(l.bits(0) / 8);
    return ends_with(l, &then_next<kWork>);
}

void set_zero_flag(Cpu& cpu, bool value) {
    cpu.flags.change(kZf, value ? kZf : 0);
}

// Whether a selector names something that LAR and LSL may tell about. Nothing: raised.
enum class Look : std::uint8_t { kRaised, kHidden, kVisible };

// A descriptor out of the table's limits is hidden too, so it must not raise: its limits are looked at here.
bool is_in_table(const Cpu& cpu, std::uint16_t selector) {
    bool is_local = (selector & 4) != 0;
    if (is_local && !cpu.segments[kLdtr].is_present()) return false;
    std::uint64_t limit = is_local ? cpu.segments[kLdtr].limit : cpu.gdt.limit;
    return (selector & ~7u) + 7 <= limit;
}

bool is_reachable(const Cpu& cpu, const Descriptor& found, std::uint16_t selector) {
    return found.is_conforming() || (found.dpl() >= cpu.cpl && found.dpl() >= rpl_of(selector));
}

// By type, for system descriptors (SDM volume 2, LAR table 3-53 and LSL table 3-54).
constexpr unsigned kLarTypes = 1u << kTss16 | 1u << kLdt | 1u << kTss16Busy | 1u << kCallGate16 | 1u << kTaskGate |
                               1u << kTss | 1u << kTssBusy | 1u << kCallGate;
constexpr unsigned kLslTypes = 1u << kTss16 | 1u << kLdt | 1u << kTss16Busy | 1u << kTss | 1u << kTssBusy;
constexpr unsigned kNotLong = 1u << kTss16 | 1u << kTss16Busy | 1u << kCallGate16 | 1u << kTaskGate;

Look look_at(Cpu& cpu, std::uint16_t selector, unsigned system_types, Descriptor& out) {
    if (is_null(selector) || !is_in_table(cpu, selector)) return Look::kHidden;
    auto found = descriptor_of(cpu, selector, kGeneralProtection);
    if (!found) return Look::kRaised;
    unsigned types = cpu.is_long() ? system_types & ~kNotLong : system_types;
    bool ok = !found->is_system() || (types >> found->type() & 1) != 0;
    out = *found;
    return ok && is_reachable(cpu, *found, selector) ? Look::kVisible : Look::kHidden;
}

std::uint32_t rights_of(const Descriptor& found) {
    return static_cast<std::uint32_t>(found.low >> 32) & 0x00F0FF00;
}
std::uint32_t limit_of(const Descriptor& found) {
    return found.limit();
}

// op->imm: bytes of the result.
template <unsigned kTypes, std::uint32_t (*kValue)(const Descriptor&)>
bool inspect(Cpu& cpu, const Op* op) {
    if (!require_protected(cpu)) return false;
    auto selector = read_operand(cpu, op, 2);
    if (!selector) return false;
    Descriptor found;
    Look look = look_at(cpu, static_cast<std::uint16_t>(*selector), kTypes, found);
    if (look == Look::kRaised) return false;
    set_zero_flag(cpu, look == Look::kVisible);
    if (look == Look::kHidden) return true;
    if (op->imm == 2)
        set<std::uint16_t>(cpu, op->dst, static_cast<std::uint16_t>(kValue(found)));
    else
        set<std::uint32_t>(cpu, op->dst, kValue(found));
    return true;
}

template <Work kWork>
bool lower_inspect(Lowering& l) {
    take_operand(l, 1);
    l.op.dst = l.general(0);
    l.op.imm = l.bits(0) / 8;
    return ends_with(l, &then_next<kWork>);
}

template <bool kForWriting>
bool verify(Cpu& cpu, const Op* op) {
    if (!require_protected(cpu)) return false;
    auto selector = read_operand(cpu, op, 2);
    if (!selector) return false;
    Descriptor found;
    Look look = look_at(cpu, static_cast<std::uint16_t>(*selector), 0, found);
    if (look == Look::kRaised) return false;
    bool ok = look == Look::kVisible && (kForWriting ? found.is_writable_data() : found.is_readable());
    set_zero_flag(cpu, ok);
    return true;
}

// op->dst: the register with the RPL to compare to.
bool adjust_level(Cpu& cpu, const Op* op) {
    if (!require_protected(cpu)) return false;
    auto value = read_operand(cpu, op, 2);
    if (!value) return false;
    std::uint64_t level = get<std::uint16_t>(cpu, op->dst) & 3u;
    bool is_lower = (*value & 3) < level;
    std::uint64_t adjusted = is_lower ? (*value & ~3ull) | level : *value;
    if (!write_operand(cpu, op, adjusted, 2, 2)) return false;
    set_zero_flag(cpu, is_lower);
    return true;
}

bool lower_arpl(Lowering& l) {
    if (l.mode.code_bits == 64) return false;
    take_operand(l, 0);
    l.op.dst = l.general(1);
    return ends_with(l, &then_next<adjust_level>);
}

}  // namespace

void add_descriptor_tables(InstructionTable& table) {
    table[ZYDIS_MNEMONIC_LGDT] = &lower_table<load_table<&Cpu::gdt>>;
    table[ZYDIS_MNEMONIC_LIDT] = &lower_table<load_table<&Cpu::idt>>;
    table[ZYDIS_MNEMONIC_SGDT] = &lower_table<store_table<&Cpu::gdt>>;
    table[ZYDIS_MNEMONIC_SIDT] = &lower_table<store_table<&Cpu::idt>>;
    table[ZYDIS_MNEMONIC_LLDT] = &lower_selector<load_ldt>;
    table[ZYDIS_MNEMONIC_LTR] = &lower_selector<load_task>;
    table[ZYDIS_MNEMONIC_SLDT] = &lower_selector<store_selector<kLdtr>>;
    table[ZYDIS_MNEMONIC_STR] = &lower_selector<store_selector<kTr>>;
    table[ZYDIS_MNEMONIC_LAR] = &lower_inspect<inspect<kLarTypes, rights_of>>;
    table[ZYDIS_MNEMONIC_LSL] = &lower_inspect<inspect<kLslTypes, limit_of>>;
    table[ZYDIS_MNEMONIC_VERR] = &lower_selector<verify<false>>;
    table[ZYDIS_MNEMONIC_VERW] = &lower_selector<verify<true>>;
    table[ZYDIS_MNEMONIC_ARPL] = &lower_arpl;
}

}  // namespace nyx::soft
