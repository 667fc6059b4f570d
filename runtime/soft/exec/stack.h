// The stack as instructions use it: SS and RSP, with the width that SS has.
#pragma once

#include "runtime/soft/access.h"

namespace nyx::soft {

// RSP changes by `bytes`; only the stack's own width of it.
inline void set_stack_pointer(Cpu& cpu, std::uint64_t value) {
    if (cpu.is_64()) [[likely]] {
        cpu.gpr[kRsp] = value;
        return;
    }
    std::uint64_t mask = cpu.stack_mask();
    if (mask == 0xFFFFFFFF)
        cpu.gpr[kRsp] = value & mask;
    else
        cpu.gpr[kRsp] = (cpu.gpr[kRsp] & ~mask) | (value & mask);
}
inline void move_stack(Cpu& cpu, std::uint64_t bytes) {
    set_stack_pointer(cpu, cpu.gpr[kRsp] + bytes);
}

// `offset` bytes above or below RSP, to a linear address.
inline std::optional<std::uint64_t> stack_address(Cpu& cpu, std::uint64_t offset, unsigned size, Touch touch) {
    if (cpu.is_64()) [[likely]]
        return cpu.gpr[kRsp] + offset;
    std::uint64_t at = (cpu.gpr[kRsp] + offset) & cpu.stack_mask();
    if (cpu.mode().is_flat && at <= 0xFFFFFFFF - (size - 1)) return at;
    return cpu.linear_address(kSs, at, size, touch);
}

// An access to the stack that says so when it is refused.
template <class T>
[[gnu::always_inline]] inline bool load_stack(Cpu& cpu, std::uint64_t linear, T& out) {
    if (cpu.load(linear, out)) [[likely]]
        return true;
    cpu.failed_on_stack();
    return false;
}
template <class T>
[[gnu::always_inline]] inline bool store_stack(Cpu& cpu, std::uint64_t linear, T value) {
    if (cpu.store(linear, value)) [[likely]]
        return true;
    cpu.failed_on_stack();
    return false;
}

// Puts `value` below RSP and moves RSP; nothing changes when it cannot.
template <class T>
[[gnu::always_inline]] inline bool push(Cpu& cpu, T value) {
    auto linear = stack_address(cpu, 0 - std::uint64_t{sizeof(T)}, sizeof(T), Touch::kWrite);
    if (!linear || !store_stack(cpu, *linear, value)) return false;
    move_stack(cpu, 0 - std::uint64_t{sizeof(T)});
    return true;
}

// Reads what POP would give `offset` bytes further up, and leaves RSP alone.
template <class T>
[[gnu::always_inline]] inline bool peek_stack(Cpu& cpu, std::uint64_t offset, T& out) {
    auto linear = stack_address(cpu, offset, sizeof(T), Touch::kRead);
    return linear && load_stack(cpu, *linear, out);
}

template <class T>
[[gnu::always_inline]] inline bool pop(Cpu& cpu, T& out) {
    if (!peek_stack(cpu, 0, out)) return false;
    move_stack(cpu, sizeof(T));
    return true;
}

}  // namespace nyx::soft
