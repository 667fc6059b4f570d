// What string instructions do to memory: single elements, and stretches of them within a page.
#pragma once

#include <algorithm>
#include <cstring>

#include "runtime/soft/access.h"

namespace nyx::soft {

inline std::uint64_t address_mask(const Op* op) {
    return op->address_bits == 64 ? ~0ull : (std::uint64_t{1} << op->address_bits) - 1;
}

// A 32-bit register's upper half is cleared, a 16-bit one's is kept.
inline void advance(Cpu& cpu, const Op* op, Reg reg, std::uint64_t by) {
    std::uint64_t keep = op->address_bits == 16 ? ~0xFFFFull : 0;
    cpu.gpr[reg] = (cpu.gpr[reg] & keep) | ((cpu.gpr[reg] + by) & address_mask(op));
}
inline bool goes_down(const Cpu& cpu) {
    return (cpu.other_flags & kDf) != 0;
}
template <class T>
std::uint64_t step(const Cpu& cpu) {
    return goes_down(cpu) ? 0 - std::uint64_t{sizeof(T)} : sizeof(T);
}
inline std::uint64_t remaining(const Cpu& cpu, const Op* op) {
    return cpu.gpr[kRcx] & address_mask(op);
}

// The elements at [segment:reg] and at [ES:rDI].
template <class T>
bool load_element(Cpu& cpu, const Op* op, unsigned segment, Reg reg, T& out) {
    auto linear = cpu.linear_address(segment, cpu.gpr[reg] & address_mask(op), sizeof(T), Touch::kRead);
    return linear && cpu.load(*linear, out);
}
template <class T>
bool store_element(Cpu& cpu, const Op* op, T value) {
    auto linear = cpu.linear_address(kEs, cpu.gpr[kRdi] & address_mask(op), sizeof(T), Touch::kWrite);
    return linear && cpu.store(*linear, value);
}

// Elements, up to `count`, that lie together in a page and in the segment and may be touched so. host: of the lowest.
struct Stretch {
    std::uint8_t* host = nullptr;
    std::uint64_t count = 0;
};
inline Stretch stretch(Cpu& cpu, const Op* op, unsigned segment, Reg reg, std::uint64_t size, std::uint64_t count,
                       Touch touch) {
    const std::uint64_t mask = address_mask(op), offset = cpu.gpr[reg] & mask;
    const bool has_base = !cpu.is_64() || segment == kFs || segment == kGs;
    std::uint64_t linear = offset + (has_base ? cpu.segments[segment].base : 0);
    if (!cpu.is_64()) linear &= 0xFFFFFFFF;
    const std::uint64_t in_page = linear % kPageSize;
    if (in_page + size > kPageSize || offset > mask - (size - 1)) return {};
    if (goes_down(cpu)) {
        count = std::min({count, in_page / size + 1, offset / size + 1});
        linear -= (count - 1) * size;
    } else {
        count = std::min({count, (kPageSize - in_page) / size, (mask - offset - (size - 1)) / size + 1});
    }
    if (!cpu.is_64()) {
        std::uint64_t lowest = goes_down(cpu) ? offset - (count - 1) * size : offset;
        if (!cpu.linear_address(segment, lowest, static_cast<unsigned>(count * size), touch)) {
            cpu.stop(Stop::kNone);  // not all of it: one by one, up to the one that faults
            return {};
        }
    }
    Cpu::DirectRun run = cpu.direct_run(linear, count * size, touch);
    return run.size == count * size ? Stretch{run.host, count} : Stretch{};
}

// As if one by one: where the destination runs after the source, what was written is read again.
template <class T>
void copy_elements(std::uint8_t* to, const std::uint8_t* from, std::uint64_t count, bool down) {
    const std::uint64_t bytes = count * sizeof(T);
    const bool reads_back = down ? to < from && from < to + bytes : from < to && to < from + bytes;
    if (!reads_back) {
        copy_guest(to, from, bytes);
        return;
    }
    for (std::uint64_t i = 0; i < count; ++i) {
        std::uint64_t at = (down ? count - 1 - i : i) * sizeof(T);
        T value;
        load_guest(value, from + at);
        store_guest(to + at, value);
    }
}

}  // namespace nyx::soft
