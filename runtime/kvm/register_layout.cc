#include "runtime/kvm/register_layout.h"

namespace nyx::kvm {
namespace {

Segment from_kernel(const kvm_segment& raw) {
    Segment segment;
    segment.base = raw.base;
    segment.limit = raw.limit;
    segment.selector = raw.selector;
    segment.type = raw.type;
    segment.dpl = raw.dpl;
    segment.present = raw.present != 0;
    segment.s = raw.s != 0;
    segment.l = raw.l != 0;
    segment.db = raw.db != 0;
    segment.g = raw.g != 0;
    return segment;
}

kvm_segment to_kernel(const Segment& segment) {
    kvm_segment raw{};
    raw.base = segment.base;
    raw.limit = segment.limit;
    raw.selector = segment.selector;
    raw.type = segment.type;
    raw.dpl = segment.dpl;
    raw.present = segment.present;
    raw.s = segment.s;
    raw.l = segment.l;
    raw.db = segment.db;
    raw.g = segment.g;
    raw.unusable = !segment.present;
    return raw;
}

}  // namespace

GeneralRegisters from_kernel(const kvm_regs& r) {
    return {r.rax, r.rbx, r.rcx, r.rdx, r.rsi, r.rdi, r.rbp, r.rsp, r.r8,
            r.r9,  r.r10, r.r11, r.r12, r.r13, r.r14, r.r15, r.rip, r.rflags};
}

kvm_regs to_kernel(const GeneralRegisters& g) {
    kvm_regs r{};
    r.rax = g.rax;
    r.rbx = g.rbx;
    r.rcx = g.rcx;
    r.rdx = g.rdx;
    r.rsi = g.rsi;
    r.rdi = g.rdi;
    r.rbp = g.rbp;
    r.rsp = g.rsp;
    r.r8 = g.r8;
    r.r9 = g.r9;
    r.r10 = g.r10;
    r.r11 = g.r11;
    r.r12 = g.r12;
    r.r13 = g.r13;
    r.r14 = g.r14;
    r.r15 = g.r15;
    r.rip = g.rip;
    r.rflags = g.rflags;
    return r;
}

SystemRegisters from_kernel(const kvm_sregs& raw) {
    SystemRegisters system;
    system.cs = from_kernel(raw.cs);
    system.ds = from_kernel(raw.ds);
    system.es = from_kernel(raw.es);
    system.fs = from_kernel(raw.fs);
    system.gs = from_kernel(raw.gs);
    system.ss = from_kernel(raw.ss);
    system.tr = from_kernel(raw.tr);
    system.ldt = from_kernel(raw.ldt);
    system.gdt = {raw.gdt.base, raw.gdt.limit};
    system.idt = {raw.idt.base, raw.idt.limit};
    system.cr0 = raw.cr0;
    system.cr2 = raw.cr2;
    system.cr3 = raw.cr3;
    system.cr4 = raw.cr4;
    system.cr8 = raw.cr8;
    system.efer = raw.efer;
    return system;
}

void to_kernel(const SystemRegisters& system, kvm_sregs& raw) {
    raw.cs = to_kernel(system.cs);
    raw.ds = to_kernel(system.ds);
    raw.es = to_kernel(system.es);
    raw.fs = to_kernel(system.fs);
    raw.gs = to_kernel(system.gs);
    raw.ss = to_kernel(system.ss);
    raw.tr = to_kernel(system.tr);
    raw.ldt = to_kernel(system.ldt);
    raw.gdt.base = system.gdt.base;
    raw.gdt.limit = system.gdt.limit;
    raw.idt.base = system.idt.base;
    raw.idt.limit = system.idt.limit;
    raw.cr0 = system.cr0;
    raw.cr2 = system.cr2;
    raw.cr3 = system.cr3;
    raw.cr4 = system.cr4;
    raw.cr8 = system.cr8;
    raw.efer = system.efer;
}

}  // namespace nyx::kvm
