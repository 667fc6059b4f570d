// How instructions reach their operands: registers by byte offset, memory by one of three ways to form an address.
#pragma once

#include <cstring>
#include <optional>

#include "runtime/soft/go_on.h"

namespace nyx::soft {

// General registers of 8, 16, 32 and 64 bits (T unsigned). AH is RAX's offset plus one.
template <class T>
T get(const Cpu& cpu, std::uint16_t offset) {
    T value;
    std::memcpy(&value, reinterpret_cast<const std::uint8_t*>(cpu.gpr.data()) + offset, sizeof(T));
    return value;
}
// A 32-bit result clears the upper half (SDM volume 1, §3.4.1.1).
template <class T>
void set(Cpu& cpu, std::uint16_t offset, T value) {
    auto* at = reinterpret_cast<std::uint8_t*>(cpu.gpr.data()) + offset;
    if constexpr (sizeof(T) == 4) {
        std::uint64_t wide = value;
        std::memcpy(at, &wide, sizeof(wide));
    } else {
        std::memcpy(at, &value, sizeof(T));
    }
}

inline std::uint64_t effective_offset(const Cpu& cpu, const Op* op) {
    return cpu.gpr[op->base] + (cpu.gpr[op->index] << op->scale) + static_cast<std::uint64_t>(op->disp);
}

// 64-bit code, segments without a base.
struct Flat {
    static std::optional<std::uint64_t> address(Cpu& cpu, const Op* op, unsigned, Touch) {
        return effective_offset(cpu, op);
    }
};
// 32-bit addresses in segments without base and limit.
struct Flat32 {
    static std::optional<std::uint64_t> address(Cpu& cpu, const Op* op, unsigned, Touch) {
        return effective_offset(cpu, op) & 0xFFFFFFFF;
    }
};
// Everything else.
struct Segmented {
    static std::optional<std::uint64_t> address(Cpu& cpu, const Op* op, unsigned size, Touch touch) {
        std::uint64_t offset = effective_offset(cpu, op);
        if (op->address_bits != 64) offset &= (std::uint64_t{1} << op->address_bits) - 1;
        return cpu.linear_address(op->segment, offset, size, touch);
    }
};

template <class Address, class T>
[[gnu::always_inline]] inline bool load(Cpu& cpu, const Op* op, T& out) {
    auto linear = Address::address(cpu, op, sizeof(T), Touch::kRead);
    return linear && cpu.load(*linear, out);
}
template <class Address, class T>
[[gnu::always_inline]] inline bool store(Cpu& cpu, const Op* op, T value) {
    auto linear = Address::address(cpu, op, sizeof(T), Touch::kWrite);
    return linear && cpu.store(*linear, value);
}

// value = change(value) at a linear address. `change` runs once, after everything that can fail.
template <class T, class Change>
bool update(Cpu& cpu, std::uint64_t linear, Change change) {
    T value;
    if (std::uint8_t* at = cpu.direct<T>(linear)) [[likely]] {
        load_guest(value, at);
        value = change(value);
        store_guest(at, value);
        return true;
    }
    if (!cpu.open(linear, sizeof(T))) return false;
    std::memcpy(&value, cpu.slow_value(), sizeof(T));
    value = change(value);
    std::memcpy(cpu.slow_value(), &value, sizeof(T));
    cpu.close(sizeof(T));
    return true;
}

// *at = change(*at), seen by other CPUs as one step; gives what was there. The host allows any alignment, a C++ atomic
// does not.
template <class T, class Change>
T exchange_in_place(std::uint8_t* at, Change change) {
    T found;
    load_guest(found, at);
    for (;;) {
        bool done;
        asm volatile("lock cmpxchg %[wanted], (%[at])"
                     : "+a"(found), "=@ccz"(done)
                     : [at] "r"(at), [wanted] "q"(change(found))
                     : "memory");
        if (done) return found;
    }
}

// The same with LOCK. `change` may run more than once and has no effect but its result: its flags are set by `after`,
// which runs once with the value that was replaced.
// Where the host has no such step, all other CPUs stand still (memory_bus.h).
template <class T, class Change, class After>
bool update_locked(Cpu& cpu, std::uint64_t linear, Change change, After after) {
    T value;
    if (std::uint8_t* at = cpu.direct<T>(linear)) [[likely]] {
        after(exchange_in_place<T>(at, change));
        return true;
    }
    if (!cpu.open_locked(linear, sizeof(T))) return false;
    if (std::uint8_t* at = cpu.opened_in_place(sizeof(T))) {
        value = exchange_in_place<T>(at, change);
        cpu.closed_in_place(sizeof(T));
        after(value);
        return true;
    }
    std::memcpy(&value, cpu.slow_value(), sizeof(T));
    T changed = change(value);
    std::memcpy(cpu.slow_value(), &changed, sizeof(T));
    cpu.close_locked(sizeof(T));
    after(value);
    return true;
}

}  // namespace nyx::soft
