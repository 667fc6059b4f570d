// Why a vCPU left the guest: a closed variant, the same for every hypervisor.
//
// Io, Mmio, Msr and Hypercall carry views of the hypervisor's own buffers, valid until the vCPU goes on: who serves a
// read fills them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace nyx::hv {

// IN, OUT, INS, OUTS: `count` items of `width` bytes, one after the other, all for the same port.
struct IoExit {
    bool is_write = false;
    std::uint16_t port = 0;
    std::uint8_t width = 1;
    std::uint32_t count = 1;
    std::span<std::uint8_t> data;  // width * count bytes
};

struct MmioExit {
    bool is_write = false;
    std::uint64_t address = 0;
    std::span<std::uint8_t> data;  // 1 to 8 bytes
};

// Only without an in-kernel interrupt controller.
struct HaltExit {};
// Triple fault.
struct ShutdownExit {};
struct SystemEventExit {
    enum class Type { kShutdown, kReset, kCrash, kOther };
    Type type = Type::kOther;
    std::uint32_t number = 0;  // as the kernel gave it
};
// The hypervisor gave up.
struct InternalErrorExit {
    static constexpr std::uint32_t kEmulation = 1;  // as KVM numbers it: an instruction that it cannot execute
    std::uint32_t suberror = 0;
    const char* name = "";                  // of the suberror: "emulation failure" …
    std::vector<std::uint8_t> instruction;  // of a failed emulation, where the kernel says
    std::vector<std::uint64_t> data;
};
struct FailEntryExit {
    std::uint64_t reason = 0;  // of the hardware
    std::uint32_t cpu = 0;
};
// A signal or immediate_exit; nothing happened in the guest that needs handling.
struct InterruptedExit {};
struct IrqWindowExit {};
// An MSR that was handed to user space. A reader stores the value; setting *error to 1 gives the guest #GP.
struct MsrExit {
    bool is_write = false;
    std::uint32_t index = 0;
    std::uint64_t* value = nullptr;
    std::uint8_t* error = nullptr;
};
struct DebugExit {
    std::uint64_t pc = 0;
    std::uint32_t exception = 0;
};
struct HypercallExit {
    std::uint64_t number = 0;
    std::array<std::uint64_t, 6> arguments{};
    std::uint64_t* result = nullptr;
};
struct UnknownExit {
    std::uint32_t reason = 0;    // KVM_EXIT_*
    std::uint64_t hardware = 0;  // for KVM_EXIT_UNKNOWN
};

using Exit = std::variant<IoExit, MmioExit, HaltExit, ShutdownExit, SystemEventExit, InternalErrorExit, FailEntryExit,
                          InterruptedExit, IrqWindowExit, MsrExit, DebugExit, HypercallExit, UnknownExit>;

// "io", "mmio", "halt" …: stable, as in reports. kind: Exit::index().
const char* exit_name(std::size_t kind);
inline const char* exit_name(const Exit& exit) {
    return exit_name(exit.index());
}

}  // namespace nyx::hv
