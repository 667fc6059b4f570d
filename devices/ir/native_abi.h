// What compiled code of a described device and the runtime agree on.
//
// An object exports for the program `name` the functions nyx_device_<name>_read and nyx_device_<name>_write, and
// imports nothing. They do to the state (devices/described/layout.h) what the reference does, call the outside through
// the host's table, leave accesses that are not exactly one register to read_other and write_other, and say in `levels`
// what each line is afterwards, bit n for line n. Called with the device's lock held. Changing anything here raises
// kNativeAbi.
#pragma once

#include <cstdint>

namespace nyx::dev::ir {

inline constexpr std::uint32_t kNativeAbi = 2;
inline constexpr unsigned kMaxNativeLines = 64;

struct NativeHost {
    void (*emit)(void* device, std::uint32_t sink, std::uint64_t value);
    void (*arm)(void* device, std::uint32_t timer, std::uint64_t ticks);
    void (*cancel)(void* device, std::uint32_t timer);
    std::uint64_t (*is_running)(void* device, std::uint32_t timer);
    std::uint64_t (*elapsed)(void* device, std::uint32_t timer);
    void (*ask)(void* device, std::uint32_t what, std::uint64_t value);
    std::uint64_t (*read_other)(void* device, std::uint32_t region, std::uint64_t offset, std::uint32_t width);
    void (*write_other)(void* device, std::uint32_t region, std::uint64_t offset, std::uint32_t width,
                        std::uint64_t value);
    std::uint64_t (*wall_time)(void* device);
};

struct NativeContext {
    std::uint8_t* state = nullptr;
    void* device = nullptr;
    const NativeHost* host = nullptr;
    std::uint64_t levels = 0;
};

using NativeRead = std::uint64_t (*)(NativeContext* context, std::uint32_t region, std::uint64_t offset,
                                     std::uint32_t width);
using NativeWrite = void (*)(NativeContext* context, std::uint32_t region, std::uint64_t offset, std::uint32_t width,
                             std::uint64_t value);

struct NativeCode {
    NativeRead read = nullptr;
    NativeWrite write = nullptr;
};

}  // namespace nyx::dev::ir
