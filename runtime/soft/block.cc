#include "runtime/soft/block.h"

#include <algorithm>

namespace nyx::soft {

namespace {
constexpr std::size_t kBlocksAtOnce = 4096;
}

void BlockCache::clear() {
    table_.fill(nullptr);
    chunks_.clear();
    used_in_chunk_ = kChunkOps;
    blocks_.clear();
    used_blocks_ = 0;
}

Block* BlockCache::insert(const Block& block, std::span<const Op> ops) {
    if (used_in_chunk_ + ops.size() > kChunkOps) {
        chunks_.push_back(std::make_unique<Op[]>(kChunkOps));
        used_in_chunk_ = 0;
    }
    if (used_blocks_ % kBlocksAtOnce == 0) blocks_.push_back(std::make_unique<Block[]>(kBlocksAtOnce));
    Op* place = chunks_.back().get() + used_in_chunk_;
    std::ranges::copy(ops, place);
    used_in_chunk_ += ops.size();
    Block* made = &blocks_.back()[used_blocks_++ % kBlocksAtOnce];
    *made = block;
    made->ops = place;
    table_[slot(block.linear)] = made;
    return made;
}

}  // namespace nyx::soft
