// Bytes to Ops.
//
// Stateless after start-up; thread-safe.
#pragma once

#include <cstdint>
#include <span>

#include "runtime/soft/block.h"
#include "runtime/soft/decode/compare_form.h"
#include "runtime/soft/decode/offer.h"
#include "runtime/soft/op.h"

namespace nyx::soft {

enum class Decoded : std::uint8_t {
    kGoesOn,
    kEndsBlock,
    kTooShort,  // the bytes end inside the instruction; op is not set
};

inline constexpr std::size_t kLongestInstruction = 15;

// One instruction of a CPU that has what it offers, at `rip`, from the start of `bytes`. What is not an instruction
// becomes an Op that raises #UD (or #GP: longer than 15 bytes). op.offset is left to the caller.
Decoded decode(std::span<const std::uint8_t> bytes, std::uint64_t rip, CodeMode mode, const Offer& offer, Op& op);

// The same, where the instruction may be done together with the one before it.
Decoded decode(std::span<const std::uint8_t> bytes, std::uint64_t rip, CodeMode mode, const Offer& offer, Op& op,
               Pair& pair);

// An Op that ends a block whose last instruction did not: the next one is at `rip`.
Op end_of_block(std::uint64_t rip);

}  // namespace nyx::soft
