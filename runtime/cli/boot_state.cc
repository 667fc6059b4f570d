#include "runtime/cli/boot_state.h"

namespace nyx::cli {

static hv::Segment segment(const boot::SegmentState& s) {
    return {s.base, s.limit, s.selector, s.type, s.dpl, s.present, s.s, s.l, s.db, s.g};
}

hv::CpuState cpu_state(const boot::InitialState& i) {
    hv::CpuState state;
    state.general = {i.rax, i.rbx, i.rcx, i.rdx, i.rsi, i.rdi, i.rbp, i.rsp, i.r8,
                     i.r9,  i.r10, i.r11, i.r12, i.r13, i.r14, i.r15, i.rip, i.rflags};
    hv::SystemRegisters& system = state.system;
    system.cs = segment(i.cs);
    system.ds = segment(i.ds);
    system.es = segment(i.es);
    system.fs = segment(i.fs);
    system.gs = segment(i.gs);
    system.ss = segment(i.ss);
    system.tr = segment(i.tr);
    system.ldt = segment(i.ldt);
    system.gdt = {i.gdt.base, i.gdt.limit};
    system.idt = {i.idt.base, i.idt.limit};
    system.cr0 = i.cr0;
    system.cr3 = i.cr3;
    system.cr4 = i.cr4;
    system.efer = i.efer;
    return state;
}

}  // namespace nyx::cli
