// Images of a state in guest memory: all or nothing.
#pragma once

#include <span>

#include "runtime/soft/cpu.h"

namespace nyx::soft {

inline std::uint64_t wrap(const Cpu& cpu, std::uint64_t linear) {
    return cpu.is_64() ? linear : linear & 0xFFFFFFFF;
}

// Every page of it may be touched, so that accesses can follow one by one; false: raised. The end is looked at first,
// as processors do, which decides the address of a page fault.
inline bool can_touch(Cpu& cpu, std::uint64_t linear, std::size_t size, Touch touch) {
    return cpu.translate(linear, touch) && cpu.translate(wrap(cpu, linear + size - 1), touch);
}

inline bool load_bytes(Cpu& cpu, std::uint64_t linear, std::span<std::uint8_t> out) {
    if (!can_touch(cpu, linear, out.size(), Touch::kRead)) return false;
    for (std::size_t at = 0; at < out.size(); at += 2) {
        std::uint16_t part;
        if (!cpu.load(wrap(cpu, linear + at), part)) return false;
        std::memcpy(&out[at], &part, 2);
    }
    return true;
}

inline bool store_bytes(Cpu& cpu, std::uint64_t linear, std::span<const std::uint8_t> bytes) {
    if (!can_touch(cpu, linear, bytes.size(), Touch::kWrite)) return false;
    for (std::size_t at = 0; at < bytes.size(); at += 2) {
        std::uint16_t part;
        std::memcpy(&part, &bytes[at], 2);
        if (!cpu.store(wrap(cpu, linear + at), part)) return false;
    }
    return true;
}

}  // namespace nyx::soft
