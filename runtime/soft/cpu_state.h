// The state of a CPU that software sees, and what directly follows from it. Plain data, open to the instructions.
#pragma once

#include <array>
#include <cstdint>

#include "runtime/soft/block.h"
#include "runtime/soft/events.h"
#include "runtime/soft/flags.h"
#include "runtime/soft/state.h"

namespace nyx::soft {

struct CpuState {
    std::array<std::uint64_t, 17> gpr{};  // and the register that is zero
    std::uint64_t rip = 0;                // of the next block
    LazyFlags flags;
    std::uint64_t other_flags = 2;  // RFLAGS without the arithmetic ones
    std::array<Segment, 8> segments{};
    DescriptorTable gdt, idt;
    ControlRegisters control;
    MsrState msr;
    VectorState vector;
    X87State x87;
    // What an instruction of each unit raises before anything else: a vector, or 0 (SDM volume 3, §2.5, §13.3).
    std::array<std::uint8_t, kUnits> unit_fault{};
    // Operands and results of vector and x87 instructions on their way from and to memory.
    struct alignas(64) Scratch {
        std::array<std::uint8_t, 64> operand{}, result{};
    };
    Scratch scratch;
    unsigned cpl = 0;
    Activity activity = Activity::kRunning;
    bool interrupt_shadow = false;  // of STI and MOV SS: one more instruction first
    bool debug_shadow = false;      // of MOV SS and POP SS: the same for #DB (SDM volume 3, §6.8.3)
    bool nmi_blocked = false;       // until IRET
    // Executed since the start. One that faults counts too, so that a loop of faults comes to an end. Inside a block it
    // lags behind: see Cpu::settle().
    std::uint64_t instructions = 0;

    std::uint64_t rflags() const { return other_flags | flags.all(); }
    bool is_long() const { return (control.efer & kEferLma) != 0; }
    bool is_64() const { return mode_.code_bits == 64; }
    bool is_protected() const { return mode_.is_protected; }
    bool is_v86() const { return (other_flags & kVm) != 0; }
    unsigned iopl() const { return static_cast<unsigned>(other_flags >> 12) & 3; }
    CodeMode mode() const { return mode_; }
    std::uint64_t ip_mask() const { return is_64() ? ~0ull : mode_.code_bits == 32 ? 0xFFFFFFFFull : 0xFFFFull; }
    std::uint64_t stack_mask() const {
        return mode_.stack_bits == 64 ? ~0ull : mode_.stack_bits == 32 ? 0xFFFFFFFFull : 0xFFFFull;
    }
    std::uint32_t pcid() const {
        return (control.cr4 & kCr4Pcide) != 0 ? static_cast<std::uint32_t>(control.cr3 & 0xFFF) : 0;
    }

  protected:
    CodeMode mode_;  // follows from the segments, control and flags: Cpu::mode_changed()
};

}  // namespace nyx::soft
