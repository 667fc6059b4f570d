// What compiled code of a machine's described devices and the runtime agree on (with runtime/plan/exit_abi.h).
//
// The code does to the state (devices/described/layout.h) what the reference does, in the same order, and calls the
// outside through the host's table. Changing anything here, or in the layout of the state, raises plan::kExitAbi.
#pragma once

#include <cstdint>

namespace nyx::dev::ir {

inline constexpr unsigned kMaxNativeLines = 64;

// Keeps the one vCPU of a machine and the host's threads apart without a locked instruction on the vCPU's side: it says
// that it is inside, and then looks whether the gate is closed. Whoever closes it has all of the process's threads pass
// a barrier in between (membarrier(2)), and waits until nobody is inside. Both are accessed atomically.
struct NativeGate {
    std::uint32_t inside = 0;
    std::uint32_t closed = 0;  // how many hold it closed
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
