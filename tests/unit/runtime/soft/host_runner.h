// Runs a few instructions on the processor of this machine, with all their registers and memory given.
//
// 32-bit code has flat segments without a base; 16-bit code has its code segment at kBase, and all data segments are
// kDataSize bytes at kData, the stack's of 16 bits too. Neither has vectors, nor R8 to R15.
//
// Code and data lie at fixed addresses below 2 GiB, so that absolute and 32-bit addresses can name them. What surrounds
// the data is not mapped. A fault of the code is caught and told; the registers are then those at the fault.
//
// One at a time in a process, on one thread; it takes the signals of faults for itself while it lives.
#pragma once

#include <signal.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace nyx::soft {

// What an instruction of user mode can read and change, but for memory.
struct UserState {
    std::array<std::uint64_t, 16> gpr{};  // in the order of their encoding
    std::uint64_t rflags = 0x202;         // see kFlagsOfTests
    // Only used where TestCode::with_vectors says so. The image of FXSAVE64 (SDM volume 1, §10.5.1) has x87 and MXCSR;
    // its XMM registers are those of ymm.
    alignas(64) std::array<std::uint8_t, 512> fxsave{};
    alignas(64) std::array<std::array<std::uint8_t, 32>, 16> ymm{};

    std::uint32_t mxcsr() const;
    void set_mxcsr(std::uint32_t value);
    // As after FNINIT, MXCSR 1F80H.
    void reset_fpu();
};

// CF, PF, AF, ZF, SF, DF, OF: what a test sets and compares.
inline constexpr std::uint64_t kFlagsOfTests = 0x8D5 | 0x400;

struct TestCode {
    std::vector<std::uint8_t> bytes = {};
    std::uint64_t instructions = 1;
    bool with_vectors = false;  // load and save x87, MXCSR and YMM
    // Where branches may go, from the start of `bytes`; after them is always one.
    std::vector<std::int64_t> targets = {};
    unsigned bits = 64;  // of the code segment: 64, 32, 16
};

// An exception as the kernel sees it (SDM volume 3, §6.3.1).
struct Fault {
    unsigned vector = 0;
    std::uint64_t error_code = 0;
    std::uint64_t address = 0;  // of a page fault
    bool operator==(const Fault&) const = default;
};

struct Outcome {
    UserState state;
    std::uint64_t rip = 0;  // of the faulting instruction, or where the code ended
    std::optional<Fault> fault;
};

class HostRunner {
  public:
    // Where everything is. The code starts at kCode; kData has kDataSize bytes between pages that are not mapped.
    static constexpr std::uint64_t kBase = 0x3000'0000, kCodePage = kBase, kCode = kBase + 0x800;
    static constexpr std::uint64_t kData = kBase + 0x10000, kDataSize = 0x2000;
    static constexpr std::uint64_t kGsBase = 0x40;  // in 64-bit code
    static constexpr std::uint64_t code_base(unsigned bits) { return bits == 16 ? kBase : 0; }
    static constexpr std::uint64_t data_base(unsigned bits) { return bits == 16 ? kData : 0; }

    HostRunner();
    ~HostRunner();
    HostRunner(const HostRunner&) = delete;
    HostRunner& operator=(const HostRunner&) = delete;

    // What run() runs from now on. Room for 400 bytes and targets within them.
    void set_code(const TestCode& code);
    // Data is left as the code made it.
    Outcome run(const UserState& state);
    static std::span<std::uint8_t> data() { return {reinterpret_cast<std::uint8_t*>(kData), kDataSize}; }

  private:
    struct Context;
    static Context& context();
    static void on_signal(int number, siginfo_t* info, void* where);
    // The stubs around the code: for 64 bits, the same with vectors, for less than 64 bits.
    enum Stub : std::uint8_t { kPlain, kWithVectors, kCompatible };
    std::size_t put_stubs(std::size_t at, Stub kind);
    void put_end(std::uint64_t at, std::size_t number);

    std::array<std::uint64_t, 3> entry_{}, exit_{};
    Stub stub_ = kPlain;
    unsigned bits_ = 64;
    std::array<struct sigaction, 5> old_actions_{};
    stack_t old_stack_{};
    std::vector<std::uint8_t> signal_stack_;
};

}  // namespace nyx::soft
