// A vCPU's registers as plain numbers, without the kernel's types.
#pragma once

#include <cstdint>

namespace nyx::hv {

struct GeneralRegisters {
    std::uint64_t rax = 0, rbx = 0, rcx = 0, rdx = 0, rsi = 0, rdi = 0, rbp = 0, rsp = 0;
    std::uint64_t r8 = 0, r9 = 0, r10 = 0, r11 = 0, r12 = 0, r13 = 0, r14 = 0, r15 = 0;
    std::uint64_t rip = 0;
    std::uint64_t rflags = 2;
    bool operator==(const GeneralRegisters&) const = default;
};

// With the hidden part (Intel SDM volume 3, §3.4.5). limit is in bytes.
struct Segment {
    std::uint64_t base = 0;
    std::uint32_t limit = 0;
    std::uint16_t selector = 0;
    std::uint8_t type = 0;
    std::uint8_t dpl = 0;
    bool present = false;
    bool s = false;
    bool l = false;
    bool db = false;
    bool g = false;
    bool operator==(const Segment&) const = default;
};

struct DescriptorTable {
    std::uint64_t base = 0;
    std::uint16_t limit = 0;
    bool operator==(const DescriptorTable&) const = default;
};

struct SystemRegisters {
    Segment cs, ds, es, fs, gs, ss, tr, ldt;
    DescriptorTable gdt, idt;
    std::uint64_t cr0 = 0, cr2 = 0, cr3 = 0, cr4 = 0, cr8 = 0, efer = 0;
    bool operator==(const SystemRegisters&) const = default;
};

struct CpuState {
    GeneralRegisters general;
    SystemRegisters system;
    bool operator==(const CpuState&) const = default;
};

struct Msr {
    std::uint32_t index = 0;
    std::uint64_t value = 0;
};

// What a vCPU is doing when it is not running code (KVM_GET_MP_STATE).
enum class Activity { kRunnable, kUninitialized, kInitReceived, kHalted, kSipiReceived, kOther };

const char* activity_name(Activity activity);

}  // namespace nyx::hv
