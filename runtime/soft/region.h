// Regions: hot blocks and those they lead to, compiled to one function of this machine (jit/).
//
// A region does what the interpreter would do with the same blocks, as long as nothing is unusual: it changes general
// registers, flags, vector registers and memory that may be written without a look, and nothing else. An instruction
// that misses the TLB, faults, or does more than that is left to the interpreter: the region ends in front of it, with
// `rip` and `instructions` exact. It ends as well when somebody wants attention or the run has to end, where the
// interpreter would look for that: so a run does not depend on what has been compiled when.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "runtime/soft/block.h"
#include "runtime/soft/decode/offer.h"
#include "runtime/soft/physical_memory.h"

namespace nyx::soft {

class Cpu;

// Machine code, and what must hold when it is entered. Freed with its last copy.
struct Region {
    void (*code)(Cpu&) = nullptr;
    std::uint64_t longest = 0;   // instructions that it may execute before it looks whether there is room for more
    std::uint64_t last_rip = 0;  // of the last byte of its instructions: the code segment must reach that far
    std::uint64_t lines = 0;     // bit n: it was made from bytes 64n to 64n+63 of its page
    std::uint32_t instructions = 0, bytes = 0;
    std::shared_ptr<const void> memory;
};

struct RegionRequest {
    std::uint64_t linear = 0, rip = 0;
    CodeMode mode;
    Offer offer;
    std::uint32_t version = 0;                   // of the page, when it was copied
    std::array<std::uint8_t, kPageSize> page{};  // that `linear` is in
};

// Makes regions. One thread at a time.
class RegionCompiler {
  public:
    virtual ~RegionCompiler() = default;
    // Nothing: the code there is not worth it.
    virtual std::optional<Region> compile(const RegionRequest& request) = 0;
};

}  // namespace nyx::soft
