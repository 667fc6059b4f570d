// What the compiled exit code of a bundle and the runtime agree on.
//
// The object in a section `code:…` exports these four functions and imports nothing: it reaches the runtime through the
// table it is given, so linking it needs no symbol of ours. An access that is exactly one register of a described
// device it does itself. Of others that lie inside one region of one device it calls `read` or `write` with the
// device's index in the plan, the region's index in the device (ports first, then memory) and the offset inside the
// region, all constants in the code; any other access goes to `read_other` or `write_other`, which define what the
// table dispatcher does with it. Thread-safe: the code has no state of its own.
#pragma once

#include <cstdint>

#include "devices/ir/native_abi.h"

namespace nyx::plan {

// Part of the functions' names, so that code of another version is not found.
inline constexpr std::uint32_t kExitAbi = 5;

enum class Space : std::uint32_t { kPio = 0, kMmio = 1 };

// Who calls the code, as it gives it back to the host's functions. All of it stays as it is until the code returns.
struct ExitCaller {
    dev::ir::NativeVcpu* vcpu = nullptr;
    // The vCPU's, two for each register of a device (read, write) from its first_counter on, and two for what is none;
    // the code counts what it does itself.
    std::uint64_t* counters = nullptr;
};

struct ExitHost {
    std::uint64_t (*read)(ExitCaller* caller, std::uint32_t device, std::uint32_t region, std::uint64_t offset,
                          std::uint32_t width);
    void (*write)(ExitCaller* caller, std::uint32_t device, std::uint32_t region, std::uint64_t offset,
                  std::uint32_t width, std::uint64_t value);
    std::uint64_t (*read_other)(ExitCaller* caller, Space space, std::uint64_t address, std::uint32_t width);
    void (*write_other)(ExitCaller* caller, Space space, std::uint64_t address, std::uint32_t width,
                        std::uint64_t value);
    // For a vCPU that does not own the device: its lock, and nobody inside without it.
    void (*lock)(ExitCaller* caller, std::uint32_t device);
    void (*unlock)(ExitCaller* caller, std::uint32_t device);
    // What the guest has rung before, with the lock held or inside as the owner.
    void (*prepare)(ExitCaller* caller, std::uint32_t device);
    // By index in the plan; null: no described device.
    dev::ir::NativeContext* const* devices;
};

// width is 1, 2, 4 or 8 bytes; ports are passed as addresses below 0x10000.
using ExitRead = std::uint64_t (*)(const ExitHost* host, ExitCaller* caller, std::uint64_t address,
                                   std::uint32_t width);
using ExitWrite = void (*)(const ExitHost* host, ExitCaller* caller, std::uint64_t address, std::uint32_t width,
                           std::uint64_t value);

inline constexpr const char* kPioReadSymbol = "nyx_5_pio_read";
inline constexpr const char* kPioWriteSymbol = "nyx_5_pio_write";
inline constexpr const char* kMmioReadSymbol = "nyx_5_mmio_read";
inline constexpr const char* kMmioWriteSymbol = "nyx_5_mmio_write";

struct ExitFunctions {
    ExitRead pio_read = nullptr;
    ExitWrite pio_write = nullptr;
    ExitRead mmio_read = nullptr;
    ExitWrite mmio_write = nullptr;
};

// The levels of the x86-64 psABI that code is made for, least first. What v2 adds is of no use to registers; of v3 it
// is shifts by any count and vectors for the loops.
inline constexpr const char* kCodeLevels[] = {"x86-64-v1", "x86-64-v3"};

}  // namespace nyx::plan
