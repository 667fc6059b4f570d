#include "runtime/soft/control_registers.h"

#include "runtime/soft/descriptors.h"

namespace nyx::soft {
namespace {

bool refuse(Cpu& cpu) {
    return fail_with(cpu, kGeneralProtection, 0);
}

bool uses_pae_pointers(std::uint64_t cr0, std::uint64_t cr4, std::uint64_t efer) {
    return (cr0 & kCr0Pg) != 0 && (cr4 & kCr4Pae) != 0 && (efer & kEferLma) == 0;
}

// A bit of CR4, and the bit of CPUID without which it is reserved.
struct Cr4Bit {
    std::uint64_t bit;
    std::uint32_t leaf;
    char reg;
    unsigned number;
};
constexpr Cr4Bit kCr4Bits[] = {
    {kCr4Tsd, 1, 'd', 4},  {kCr4De, 1, 'd', 2},       {kCr4Pse, 1, 'd', 3},     {kCr4Pae, 1, 'd', 6},
    {kCr4Mce, 1, 'd', 7},  {kCr4Pge, 1, 'd', 13},     {kCr4Osfxsr, 1, 'd', 24}, {kCr4Osxmmexcpt, 1, 'd', 25},
    {kCr4Umip, 7, 'c', 2}, {kCr4Fsgsbase, 7, 'b', 0}, {kCr4Pcide, 1, 'c', 17},  {kCr4Osxsave, 1, 'c', 26},
    {kCr4Smep, 7, 'b', 7}, {kCr4Smap, 7, 'b', 20},
};

std::uint64_t legal_cr4(const Cpu& cpu) {
    std::uint64_t legal = kCr4Pce;
    for (const Cr4Bit& rule : kCr4Bits)
        if (cpu.has_feature(rule.leaf, rule.reg, rule.number)) legal |= rule.bit;
    return legal;
}

// SDM volume 3, §9.8.5.1: entering IA-32e mode.
bool may_enter_long_mode(const Cpu& cpu) {
    bool has_old_tss = cpu.segments[kTr].type() == kTss16 || cpu.segments[kTr].type() == kTss16Busy;
    return (cpu.control.cr4 & kCr4Pae) != 0 && !cpu.segments[kCs].l() && !has_old_tss;
}

}  // namespace

bool write_cr0(Cpu& cpu, std::uint64_t value) {
    constexpr std::uint64_t kLegal =
        kCr0Pe | kCr0Mp | kCr0Em | kCr0Ts | kCr0Et | kCr0Ne | kCr0Wp | kCr0Am | kCr0Nw | kCr0Cd | kCr0Pg;
    ControlRegisters& control = cpu.control;
    if (value >> 32 != 0) return refuse(cpu);
    value = (value & kLegal) | kCr0Et;
    const bool pages = (value & kCr0Pg) != 0;
    const bool paged = (control.cr0 & kCr0Pg) != 0;
    if (pages && (value & kCr0Pe) == 0) return refuse(cpu);
    if ((value & kCr0Nw) != 0 && (value & kCr0Cd) == 0) return refuse(cpu);
    std::uint64_t efer = control.efer;
    if (pages && !paged && (efer & kEferLme) != 0) {
        if (!may_enter_long_mode(cpu)) return refuse(cpu);
        efer |= kEferLma;
    }
    if (!pages && paged) {
        if (cpu.is_64() || (control.cr4 & kCr4Pcide) != 0) return refuse(cpu);
        efer &= ~kEferLma;
    }
    const std::uint64_t changed = value ^ control.cr0;
    bool reloads = (changed & (kCr0Pg | kCr0Cd | kCr0Nw)) != 0 && uses_pae_pointers(value, control.cr4, efer);
    if (reloads && !cpu.load_page_pointers(control.cr3)) return refuse(cpu);
    control.cr0 = value;
    control.efer = efer;
    if ((changed & (kCr0Pg | kCr0Wp | kCr0Pe)) != 0) cpu.flush_tlb(true);
    cpu.mode_changed();
    return true;
}

// Bit 63 says that the TLB may keep what it has of that PCID (SDM volume 3, §4.10.4.1).
bool write_cr3(Cpu& cpu, std::uint64_t value) {
    constexpr std::uint64_t kKeep = std::uint64_t{1} << 63;
    ControlRegisters& control = cpu.control;
    const bool keeps = (control.cr4 & kCr4Pcide) != 0 && (value & kKeep) != 0;
    if (keeps) value &= ~kKeep;
    if (cpu.is_long() && value >> cpu.physical_bits() != 0) return refuse(cpu);
    bool reloads = uses_pae_pointers(control.cr0, control.cr4, control.efer);
    if (reloads && !cpu.load_page_pointers(value)) return refuse(cpu);
    cpu.set_cr3(value, keeps);
    return true;
}

bool write_cr4(Cpu& cpu, std::uint64_t value) {
    ControlRegisters& control = cpu.control;
    const std::uint64_t changed = value ^ control.cr4;
    if ((value & ~legal_cr4(cpu)) != 0) return refuse(cpu);
    if (cpu.is_long() && (value & kCr4Pae) == 0) return refuse(cpu);
    bool adds_pcid = (changed & value & kCr4Pcide) != 0;
    if (adds_pcid && (!cpu.is_long() || (control.cr3 & 0xFFF) != 0)) return refuse(cpu);
    constexpr std::uint64_t kPaging = kCr4Pse | kCr4Pae | kCr4Pge | kCr4Smep;
    bool reloads = (changed & kPaging) != 0 && uses_pae_pointers(control.cr0, value, control.efer);
    if (reloads && !cpu.load_page_pointers(control.cr3)) return refuse(cpu);
    control.cr4 = value;
    if ((changed & (kPaging | kCr4Pcide | kCr4Smap)) != 0) cpu.flush_tlb(true);
    if ((changed & kCr4De) != 0) cpu.breakpoints_changed();
    cpu.mode_changed();
    return true;
}

bool write_efer(Cpu& cpu, std::uint64_t value) {
    std::uint64_t legal = kEferLma;
    if (cpu.has_feature(0x80000001, 'd', 11)) legal |= kEferSce;
    if (cpu.has_feature(0x80000001, 'd', 29)) legal |= kEferLme;
    if (cpu.has_feature(0x80000001, 'd', 20)) legal |= kEferNxe;
    if ((value & ~legal) != 0) return refuse(cpu);
    ControlRegisters& control = cpu.control;
    const std::uint64_t changed = value ^ control.efer;
    if ((changed & kEferLme) != 0 && (control.cr0 & kCr0Pg) != 0) return refuse(cpu);
    control.efer = (value & ~kEferLma) | (control.efer & kEferLma);
    if ((changed & kEferNxe) != 0) cpu.flush_tlb(true);
    return true;
}

}  // namespace nyx::soft
