// The registers of the boot vCPU when the guest begins: plain numbers, no hypervisor types. The other vCPUs wait for
// INIT/SIPI.
#pragma once

#include <cstdint>

namespace nyx::boot {

// A segment register with its hidden part (Intel SDM volume 3, §3.4.5). limit is in bytes, after scaling by g.
struct SegmentState {
    std::uint64_t base = 0;
    std::uint32_t limit = 0;
    std::uint16_t selector = 0;
    std::uint8_t type = 0;  // 0xB: code, execute/read, accessed; 3: data, read/write, accessed; 0xB for a busy TSS
    std::uint8_t dpl = 0;
    bool present = false;
    bool s = false;   // code or data, not a system segment
    bool l = false;   // 64-bit code
    bool db = false;  // 32-bit default operand size
    bool g = false;   // limit was given in 4 KiB units
    bool operator==(const SegmentState&) const = default;
};

struct TableState {
    std::uint64_t base = 0;
    std::uint16_t limit = 0;
    bool operator==(const TableState&) const = default;
};

struct InitialState {
    std::uint64_t rax = 0, rbx = 0, rcx = 0, rdx = 0, rsi = 0, rdi = 0, rbp = 0, rsp = 0;
    std::uint64_t r8 = 0, r9 = 0, r10 = 0, r11 = 0, r12 = 0, r13 = 0, r14 = 0, r15 = 0;
    std::uint64_t rip = 0;
    std::uint64_t rflags = 2;  // bit 1 is always set; interrupts off
    SegmentState cs, ds, es, fs, gs, ss, tr, ldt;
    TableState gdt, idt;
    std::uint64_t cr0 = 0, cr3 = 0, cr4 = 0, efer = 0;
    bool operator==(const InitialState&) const = default;
};

}  // namespace nyx::boot
