#include "runtime/soft/vm/state_layout.h"

namespace nyx::soft {
namespace {

hv::Segment to_hv(const Segment& s) {
    return {s.base,
            s.limit,
            s.selector,
            static_cast<std::uint8_t>(s.type()),
            static_cast<std::uint8_t>(s.dpl()),
            s.is_present(),
            !s.is_system(),
            s.l(),
            s.db(),
            (s.access & Segment::kG) != 0};
}

Segment from_hv(const hv::Segment& s) {
    unsigned access = s.type | (s.s ? Segment::kS : 0u) | (s.dpl & 3u) << 5 | (s.present ? Segment::kPresent : 0u) |
                      (s.l ? Segment::kL : 0u) | (s.db ? Segment::kDb : 0u) | (s.g ? Segment::kG : 0u);
    return {s.base, s.limit, s.selector, static_cast<std::uint16_t>(access)};
}

// The number of each general register in the encoding, in the order of hv::GeneralRegisters.
template <class Registers, class Visit>
void visit_general(Registers& r, Visit visit) {
    visit(kRax, r.rax), visit(kRbx, r.rbx), visit(kRcx, r.rcx), visit(kRdx, r.rdx);
    visit(kRsi, r.rsi), visit(kRdi, r.rdi), visit(kRbp, r.rbp), visit(kRsp, r.rsp);
    visit(kR8, r.r8), visit(kR9, r.r9), visit(kR10, r.r10), visit(kR11, r.r11);
    visit(kR12, r.r12), visit(kR13, r.r13), visit(kR14, r.r14), visit(kR15, r.r15);
}

template <class Registers, class Visit>
void visit_segments(Registers& s, Visit visit) {
    visit(kCs, s.cs), visit(kDs, s.ds), visit(kEs, s.es), visit(kFs, s.fs);
    visit(kGs, s.gs), visit(kSs, s.ss), visit(kTr, s.tr), visit(kLdtr, s.ldt);
}

}  // namespace

hv::CpuState to_hv(const Cpu& cpu) {
    hv::CpuState state;
    visit_general(state.general, [&](Reg number, std::uint64_t& value) { value = cpu.gpr[number]; });
    state.general.rip = cpu.rip;
    state.general.rflags = cpu.rflags();
    hv::SystemRegisters& system = state.system;
    visit_segments(system, [&](Seg number, hv::Segment& segment) { segment = to_hv(cpu.segments[number]); });
    system.gdt = {cpu.gdt.base, cpu.gdt.limit};
    system.idt = {cpu.idt.base, cpu.idt.limit};
    system.cr0 = cpu.control.cr0;
    system.cr2 = cpu.control.cr2;
    system.cr3 = cpu.control.cr3;
    system.cr4 = cpu.control.cr4;
    system.efer = cpu.control.efer;
    return state;
}

void from_hv(const hv::CpuState& state, Cpu& cpu) {
    visit_general(state.general, [&](Reg number, std::uint64_t value) { cpu.gpr[number] = value; });
    cpu.rip = state.general.rip;
    const hv::SystemRegisters& system = state.system;
    visit_segments(system, [&](Seg number, const hv::Segment& segment) { cpu.segments[number] = from_hv(segment); });
    cpu.gdt = {system.gdt.base, system.gdt.limit};
    cpu.idt = {system.idt.base, system.idt.limit};
    cpu.control.cr0 = system.cr0;
    cpu.control.cr2 = system.cr2;
    cpu.control.cr3 = system.cr3;
    cpu.control.cr4 = system.cr4;
    cpu.control.efer = system.efer;
    cpu.cpl = (system.cr0 & kCr0Pe) != 0 ? system.ss.dpl : 0;
    cpu.activity = Activity::kRunning;
    cpu.flush_tlb(true);
    if ((system.cr4 & kCr4Pae) != 0 && !cpu.is_long()) (void)cpu.load_page_pointers(system.cr3);
    cpu.set_rflags(state.general.rflags);
}

}  // namespace nyx::soft
