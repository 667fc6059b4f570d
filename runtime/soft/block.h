// Decoded code: straight runs of instructions, kept until the bytes they were made from change.
//
// Belongs to one CPU.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "runtime/soft/op.h"
#include "runtime/soft/physical_memory.h"

namespace nyx::soft {

// Everything besides its bytes that decides what an instruction means, in one number.
struct CodeMode {
    std::uint8_t code_bits = 16;   // 16, 32, 64
    std::uint8_t stack_bits = 16;  // 16, 32, 64
    bool is_protected = false;     // CR0.PE and not virtual-8086
    bool is_flat = false;          // 32-bit code whose ES, SS and DS have base 0 and no limit
    bool operator==(const CodeMode&) const = default;
};

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
    const Op* ops = nullptr;
};

class BlockCache {
  public:
    // Null: not here, or what was here is no longer what memory holds. first and second: host addresses of the pages
    // that `linear` and the page after it translate to.
    Block* find(std::uint64_t linear, std::uint64_t rip, CodeMode mode) {
        Block* block = table_[slot(linear)];
        if (block == nullptr || block->linear != linear || block->rip != rip || block->mode != mode) return nullptr;
        return block->first.is_current() && (block->second.host == nullptr || block->second.is_current()) ? block
                                                                                                          : nullptr;
    }
    // Takes a copy of both; may drop every block made before.
    Block* insert(const Block& block, std::span<const Op> ops);
    void clear();

  private:
    static constexpr std::size_t kSlots = 1 << 15;
    static constexpr std::size_t kChunkOps = 1 << 14;
    static constexpr std::size_t kMaxChunks = 64;
    static std::size_t slot(std::uint64_t linear) { return (linear ^ (linear >> 15)) % kSlots; }

    std::array<Block*, kSlots> table_{};
    std::vector<std::unique_ptr<Op[]>> chunks_;
    std::size_t used_in_chunk_ = kChunkOps;
    std::vector<std::unique_ptr<Block[]>> blocks_;
    std::size_t used_blocks_ = 0;
};

}  // namespace nyx::soft
