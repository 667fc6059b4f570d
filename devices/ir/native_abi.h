// What compiled code of a machine's described devices and the runtime agree on (with runtime/plan/exit_abi.h).
//
// The code does to the state (devices/described/layout.h) what the reference does, in the same order, and calls the
// outside through the host's table. Changing anything here, or in the layout of the state, raises plan::kExitAbi.
#pragma once

#include <cstdint>

namespace nyx::dev::ir {

inline constexpr unsigned kMaxNativeLines = 64;

// Lets one vCPU, its owner, into a device without a locked instruction: it says that it is inside, and then looks
// whether the device is its own. If not, it says that it is outside and takes the device's lock, as all others do.
// Whoever has the lock and is not the owner takes the ownership away, has all of the process's threads pass a barrier
// (membarrier(2)) and waits until the owner is not inside. Ownership changes under the lock only. Accessed atomically.
struct NativeVcpu;
struct NativeGate {
    NativeVcpu* owner = nullptr;  // null: everybody takes the lock
};
// Where a vCPU is inside, by itself: it is inside one device at a time, for nothing that the code calls comes back to
// code. On the device's side it would be told by whoever owns the device next.
struct alignas(64) NativeVcpu {  // a cache line that nobody else writes to
    NativeGate* inside = nullptr;
};

struct NativeHost {
    void (*emit)(void* device, std::uint32_t sink, std::uint64_t value);
    std::uint64_t (*answer)(void* device, std::uint32_t query, std::uint64_t about);
    void (*arm)(void* device, std::uint32_t timer, std::uint64_t ticks);
    void (*cancel)(void* device, std::uint32_t timer);
    std::uint64_t (*is_running)(void* device, std::uint32_t timer);
    std::uint64_t (*elapsed)(void* device, std::uint32_t timer);
    void (*ask)(void* device, std::uint32_t what, std::uint64_t value);
    std::uint64_t (*wall_time)(void* device);
    void (*drive)(void* device, std::uint64_t levels);  // the lines, bit n for line n
    void (*finish)(void* device);                       // what else follows an operation
};

// One for each device that has code. Everything is 8 bytes, so that the code finds it by its number.
struct NativeContext {
    std::uint8_t* state = nullptr;
    void* device = nullptr;
    const NativeHost* host = nullptr;
    NativeGate* gate = nullptr;
    std::uint64_t levels = 0;         // of the lines, as they were driven last
    std::uint64_t first_counter = 0;  // of its registers, in the vCPU's counters
    std::uint64_t waits = 0;          // not 0: something is to be done before an operation (plan::ExitHost::prepare)
    std::uint64_t follows = 0;        // not 0: finish() is to be called after an operation
};

}  // namespace nyx::dev::ir
