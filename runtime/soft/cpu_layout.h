// Where in a Cpu the compiler of regions finds what it reads and writes, in bytes.
//
// The compiler is a library of its own, made by another C++ compiler: it refuses to work when the two disagree.
#pragma once

#include <cstdint>

namespace nyx::soft {

struct CpuLayout {
    struct Field {
        std::uint32_t offset = 0, size = 0;
        bool holds(std::uint64_t at) const { return at - offset < size; }
        bool operator==(const Field&) const = default;
    };
    std::uint32_t cpu_size = 0, block_size = 0, op_size = 0;
    Field gpr, rip, flags, vector, x87, unit_fault, scratch, instructions;
    Field attention, tlb, mode, stop, exception, slow, chain_end;
    Field block, counted_from;
    bool operator==(const CpuLayout&) const = default;

    static CpuLayout of_this_build();
};

}  // namespace nyx::soft
