// What the compiled exit code of a bundle and the runtime agree on.
//
// The object in section "code" exports these four functions and imports nothing: it reaches the runtime through the
// table it is given, so linking it needs no symbol of ours. For an access that lies inside one region of one device it
// calls `read` or `write` with the device's index in the plan, the region's index in the device (ports first, then
// memory) and the offset inside the region, all constants in the code; any other access goes to `read_other` or
// `write_other`, which define what the table dispatcher does with it. Changing anything here raises kExitAbi.
// Thread-safe: the code has no state of its own.
#pragma once

#include <cstdint>

namespace nyx::plan {

inline constexpr std::uint32_t kExitAbi = 1;

enum class Space : std::uint32_t { kPio = 0, kMmio = 1 };

struct ExitHost {
    std::uint64_t (*read)(void* machine, std::uint32_t device, std::uint32_t region, std::uint64_t offset,
                          std::uint32_t width);
    void (*write)(void* machine, std::uint32_t device, std::uint32_t region, std::uint64_t offset, std::uint32_t width,
                  std::uint64_t value);
    std::uint64_t (*read_other)(void* machine, Space space, std::uint64_t address, std::uint32_t width);
    void (*write_other)(void* machine, Space space, std::uint64_t address, std::uint32_t width, std::uint64_t value);
};

// width is 1, 2, 4 or 8 bytes; ports are passed as addresses below 0x10000.
using ExitRead = std::uint64_t (*)(const ExitHost* host, void* machine, std::uint64_t address, std::uint32_t width);
using ExitWrite = void (*)(const ExitHost* host, void* machine, std::uint64_t address, std::uint32_t width,
                           std::uint64_t value);

inline constexpr const char* kPioReadSymbol = "nyx_pio_read";
inline constexpr const char* kPioWriteSymbol = "nyx_pio_write";
inline constexpr const char* kMmioReadSymbol = "nyx_mmio_read";
inline constexpr const char* kMmioWriteSymbol = "nyx_mmio_write";

}  // namespace nyx::plan
