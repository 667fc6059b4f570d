// Decoded code: straight runs of instructions, kept until the bytes they were made from change.
//
// Belongs to one CPU.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "runtime/soft/op.h"
#include "runtime/soft/physical_memory.h"

namespace nyx::soft {

// Everything besides its bytes that decides what an instruction means, in one number.
struct alignas(8) CodeMode {
    std::uint8_t code_bits = 16;   // 16, 32, 64
    std::uint8_t stack_bits = 16;  // 16, 32, 64
    bool is_protected = false;     // CR0.PE and not virtual-8086
    bool is_flat = false;          // 32-bit code whose ES, SS and DS have base 0 and no limit
    bool is_user = false;          // CPL 3: what pages it may be in, not what it does
    std::array<bool, 3> unused{};
    bool operator==(const CodeMode& other) const {
        return std::bit_cast<std::uint64_t>(*this) == std::bit_cast<std::uint64_t>(other);
    }
};

struct Region;

struct Block {
    static constexpr std::size_t kMaxOps = 48;

    struct Source {  // a page that bytes came from
        const std::uint8_t* host = nullptr;
        PageState* state = nullptr;
        std::uint32_t version = 0;
        bool is_current() const { return state->version.load(std::memory_order_relaxed) == version; }
    };

    std::uint64_t linear = 0;
    std::uint64_t rip = 0;
    CodeMode mode;
    std::uint16_t size = 0;   // in bytes
    std::uint16_t count = 0;  // instructions; ops may have one more that only ends the block
    Source first;
    Source second;  // of a block that runs over the end of a page; it has a single instruction. host null: it does not
    const Op* ops = nullptr;  // one may do the work of the one behind it too (exec/compare_branch.h)

    // It is this code, and still what memory holds.
    bool is_at(std::uint64_t at_linear, std::uint64_t at_rip, CodeMode in_mode) const {
        return linear == at_linear && rip == at_rip && mode == in_mode && first.is_current() &&
               (second.host == nullptr || second.is_current());
    }

    // Where the last instruction goes on: [0] by its target, [1] behind it. Set by the CPU's loop once it has found
    // that block the long way (page tables, versions of the pages, code segment). It holds as long as the CPU's epoch
    // of links (one for blocks of the system, one for the user's) is that of the link. What could lead elsewhere from
    // the same place raises the epoch, so a link never says anything else than the long way would: an entry of the code
    // TLB that goes (flush, INVLPG, replacement), code that is written to or appears on a page (Cpu::look_at_code),
    // another base or limit of CS outside 64-bit code, and blocks that are dropped. A change of mode does not: a block
    // ends with a link only where its last instruction keeps the mode. One that does not hold still says which block to
    // try first. Blocks are entered in Cpu::enter and nowhere else: what is run there instead of the functions of `ops`
    // goes on by Cpu::go_to or go_anywhere, or returns with rip set and its instructions not yet counted, as they do.
    struct Link {
        Block* to = nullptr;
        std::uint64_t epoch = 0;
    };
    std::array<Link, 2> links;
    const Region* region = nullptr;  // what to run instead of `ops`, once it has been compiled
    std::uint32_t heat = 0;          // how often the loop came to it
};

// Where indirect jumps, calls and returns went, by their target; the same links.
class JumpCache {
  public:
    // Without a valid link where it is not known.
    Block::Link& link(std::uint64_t rip, CodeMode mode) {
        Jump& jump = jumps_[(rip ^ rip >> 12) % jumps_.size()];
        if (jump.rip != rip || jump.mode != mode) [[unlikely]]
            jump = {rip, {}, mode};
        return jump.link;
    }

  private:
    struct Jump {
        std::uint64_t rip = 0;
        Block::Link link;
        CodeMode mode;
    };
    std::array<Jump, 1024> jumps_;
};

class BlockCache {
  public:
    // Null: not here, or what was here is no longer what memory holds. first and second: host addresses of the pages
    // that `linear` and the page after it translate to.
    Block* find(std::uint64_t linear, std::uint64_t rip, CodeMode mode) {
        Block* block = table_[slot(linear)];
        return block != nullptr && block->is_at(linear, rip, mode) ? block : nullptr;
    }
    // True: to insert that many needs clear() first.
    bool is_full(std::size_t ops) const { return chunks_.size() == kMaxChunks && used_in_chunk_ + ops > kChunkOps; }
    // Takes a copy of both.
    Block* insert(const Block& block, std::span<const Op> ops);
    void clear();

  private:
    static constexpr std::size_t kSlots = 1 << 17;
    static constexpr std::size_t kChunkOps = 1 << 14;
    static constexpr std::size_t kMaxChunks = 64;
    static std::size_t slot(std::uint64_t linear) { return (linear ^ (linear >> 17)) % kSlots; }

    std::array<Block*, kSlots> table_{};
    std::vector<std::unique_ptr<Op[]>> chunks_;
    std::size_t used_in_chunk_ = kChunkOps;
    std::vector<std::unique_ptr<Block[]>> blocks_;
    std::size_t used_blocks_ = 0;
};

}  // namespace nyx::soft
