// MOV of control and debug registers, CLTS, LMSW, SMSW, INVLPG, INVPCID (SDM volume 2; volume 3, §2.5, §17.2).
#include "runtime/soft/control_registers.h"

#include "runtime/soft/exec/system.h"

namespace nyx::soft {
namespace {

// op->imm: the control register. op->dst or op->src: the general one. Its size is that of the mode.
bool read_control(Cpu& cpu, const Op* op) {
    if (!require_level_0(cpu)) return false;
    cpu.settle(op);
    const ControlRegisters& control = cpu.control;
    std::uint64_t value = 0;
    switch (op->imm) {
        case 0:
            value = control.cr0;
            break;
        case 2:
            value = control.cr2;
            break;
        case 3:
            value = control.cr3;
            break;
        case 4:
            value = control.cr4;
            break;
        default:
            value = cpu.surroundings.task_priority();
            break;
    }
    if (cpu.is_64())
        set<std::uint64_t>(cpu, op->dst, value);
    else
        set<std::uint32_t>(cpu, op->dst, static_cast<std::uint32_t>(value));
    return true;
}

bool write_control(Cpu& cpu, const Op* op) {
    if (!require_level_0(cpu)) return false;
    cpu.settle(op);
    std::uint64_t value = cpu.is_64() ? get<std::uint64_t>(cpu, op->src) : get<std::uint32_t>(cpu, op->src);
    switch (op->imm) {
        case 0:
            return write_cr0(cpu, value);
        case 2:
            cpu.control.cr2 = value;
            return true;
        case 3:
            return write_cr3(cpu, value);
        case 4:
            return write_cr4(cpu, value);
        default:
            if (value > 0xF) return fail_with(cpu, kGeneralProtection, 0);
            cpu.surroundings.set_task_priority(value);
            return true;
    }
}

// DR4 and DR5 are DR6 and DR7 unless CR4.DE says that they are not there (SDM volume 3, §17.2.2).
std::optional<unsigned> debug_register(Cpu& cpu, const Op* op) {
    auto number = static_cast<unsigned>(op->imm);
    if (number == 4 || number == 5) {
        if ((cpu.control.cr4 & kCr4De) != 0) {
            cpu.raise(kInvalidOpcode);
            return std::nullopt;
        }
        number += 2;
    }
    if (!require_level_0(cpu)) return std::nullopt;
    if ((cpu.control.dr7 & kDr7Gd) != 0) {
        cpu.control.dr6 |= kDr6Bd;
        cpu.raise(kDebug);
        return std::nullopt;
    }
    return number;
}

bool read_debug(Cpu& cpu, const Op* op) {
    auto number = debug_register(cpu, op);
    if (!number) return false;
    const ControlRegisters& control = cpu.control;
    std::uint64_t value = *number < 4 ? control.dr[*number] : *number == 6 ? control.dr6 : control.dr7;
    if (cpu.is_64())
        set<std::uint64_t>(cpu, op->dst, value);
    else
        set<std::uint32_t>(cpu, op->dst, static_cast<std::uint32_t>(value));
    return true;
}

bool write_debug(Cpu& cpu, const Op* op) {
    auto number = debug_register(cpu, op);
    if (!number) return false;
    std::uint64_t value = cpu.is_64() ? get<std::uint64_t>(cpu, op->src) : get<std::uint32_t>(cpu, op->src);
    ControlRegisters& control = cpu.control;
    if (*number >= 6 && value >> 32 != 0) return fail_with(cpu, kGeneralProtection, 0);
    if (*number < 4) control.dr[*number] = value;
    // SDM volume 3, figure 17-1: bits that always read as one or zero.
    if (*number == 6) control.dr6 = (value & 0xE00F) | 0xFFFF0FF0;
    if (*number == 7) control.dr7 = (value & 0xFFFF23FF) | 0x400;
    cpu.breakpoints_changed();
    return true;
}

// SDM volume 2, LMSW: PE can be set and not cleared.
bool load_status_word(Cpu& cpu, const Op* op) {
    if (!require_level_0(cpu)) return false;
    auto value = read_operand(cpu, op, 2);
    if (!value) return false;
    std::uint64_t kept = cpu.control.cr0 & ~(kCr0Mp | kCr0Em | kCr0Ts);
    return write_cr0(cpu, kept | (*value & (kCr0Pe | kCr0Mp | kCr0Em | kCr0Ts)));
}

bool store_status_word(Cpu& cpu, const Op* op) {
    if ((cpu.control.cr4 & kCr4Umip) != 0 && cpu.cpl != 0) return fail_with(cpu, kGeneralProtection, 0);
    return write_operand(cpu, op, cpu.control.cr0, op->dst, 2);
}

bool clear_task_switched(Cpu& cpu, const Op*) {
    if (!require_level_0(cpu)) return false;
    cpu.control.cr0 &= ~kCr0Ts;
    cpu.mode_changed();
    return true;
}

// The segment's base counts, its limit and canonical form do not (SDM volume 2, INVLPG).
bool invalidate_page(Cpu& cpu, const Op* op) {
    if (!require_level_0(cpu)) return false;
    std::uint64_t at = effective_offset(cpu, op);
    if (op->address_bits != 64) at &= (std::uint64_t{1} << op->address_bits) - 1;
    bool has_base = !cpu.is_64() || op->segment == kFs || op->segment == kGs;
    if (has_base) at += cpu.segments[op->segment].base;
    cpu.flush_tlb_page(cpu.is_64() ? at : at & 0xFFFFFFFF);
    return true;
}

// SDM volume 2, INVPCID. Of a PCID that is not the current one all is forgotten for one address.
bool invalidate_context(Cpu& cpu, const Op* op) {
    if (!require_level_0(cpu)) return false;
    std::uint64_t type = cpu.is_64() ? get<std::uint64_t>(cpu, op->dst) : get<std::uint32_t>(cpu, op->dst);
    auto at = operand_address(cpu, op, 0, 16, Touch::kRead);
    std::uint64_t pcid = 0;
    std::uint64_t linear = 0;
    if (!at || !cpu.load(*at, pcid) || !cpu.load(*at + 8, linear)) return false;
    bool has_pcids = (cpu.control.cr4 & kCr4Pcide) != 0;
    bool ok = type <= 3 && !(type <= 1 && (pcid >> 12 != 0 || (!has_pcids && pcid != 0))) &&
              !(type == 0 && !is_canonical(linear));
    if (!ok) return fail_with(cpu, kGeneralProtection, 0);
    if (type == 0 && pcid == cpu.pcid())
        cpu.flush_tlb_page(linear);
    else if (type <= 1)
        cpu.flush_tlb_context(static_cast<std::uint32_t>(pcid));
    else
        cpu.flush_tlb(type == 2);
    return true;
}

bool lower_invpcid(Lowering& l) {
    take_operand(l, 1);
    l.op.dst = l.general(0);
    return ends_with(l, &then_next<invalidate_context>);
}

bool lower_invlpg(Lowering& l) {
    l.address(0);
    return ends_with(l, &then_next<invalidate_page>);
}

template <Work kWork>
bool lower_status_word(Lowering& l) {
    take_operand(l, 0);
    l.op.dst = static_cast<std::uint16_t>(l.bits(0) / 8);
    return ends_with(l, &then_next<kWork>);
}

bool lower_special(Lowering& l, ZydisRegister first, unsigned known, Run read, Run write) {
    bool is_write = ZydisRegisterGetClass(l.operands[0].reg.value) != ZYDIS_REGCLASS_GPR32 &&
                    ZydisRegisterGetClass(l.operands[0].reg.value) != ZYDIS_REGCLASS_GPR64;
    auto number = static_cast<unsigned>(l.operands[is_write ? 0 : 1].reg.value - first);
    if (number > 15 || (known >> number & 1) == 0) return false;
    l.op.imm = number;
    if (is_write)
        l.op.src = l.general(1);
    else
        l.op.dst = l.general(0);
    return ends_with(l, is_write ? write : read);
}

}  // namespace

bool lower_system_move(Lowering& l) {
    auto is_of = [&](ZydisRegisterClass kind) {
        return (l.is_register(0) && ZydisRegisterGetClass(l.operands[0].reg.value) == kind) ||
               (l.is_register(1) && ZydisRegisterGetClass(l.operands[1].reg.value) == kind);
    };
    if (is_of(ZYDIS_REGCLASS_SEGMENT)) return lower_segment_move(l);
    if (is_of(ZYDIS_REGCLASS_CONTROL))
        return lower_special(l, ZYDIS_REGISTER_CR0, l.mode.code_bits == 64 ? 0x11D : 0x1D, &then_next<read_control>,
                             &then_next<write_control>);
    if (is_of(ZYDIS_REGCLASS_DEBUG))
        return lower_special(l, ZYDIS_REGISTER_DR0, 0xFF, &then_next<read_debug>, &then_next<write_debug>);
    return false;
}

void add_control(InstructionTable& table) {
    table[ZYDIS_MNEMONIC_CLTS] = &lower_next<clear_task_switched>;
    table[ZYDIS_MNEMONIC_LMSW] = &lower_status_word<load_status_word>;
    table[ZYDIS_MNEMONIC_SMSW] = &lower_status_word<store_status_word>;
    table[ZYDIS_MNEMONIC_INVLPG] = &lower_invlpg;
    table[ZYDIS_MNEMONIC_INVPCID] = &lower_invpcid;
}

}  // namespace nyx::soft
