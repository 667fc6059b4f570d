// From memory to blocks.
#include <algorithm>

#include "runtime/soft/cpu.h"
#include "runtime/soft/decode/decoder.h"

namespace nyx::soft {

std::optional<PhysicalMemory::Page> Cpu::code_page(std::uint64_t linear) {
    auto physical = translate(linear, Touch::kExecute);
    if (!physical) return std::nullopt;
    auto page = memory_.find(*physical);
    if (!page) raise(kInvalidOpcode);  // as a bus on which nobody answers would give: FF FF
    return page;
}

Block::Source Cpu::source_of(const PhysicalMemory::Page& page, std::uint64_t physical, std::uint64_t size) {
    memory_.note_code(page, physical, size);
    return {page.host, page.state, page.state->version.load()};
}

// One instruction that runs over the end of its page.
const Block* Cpu::make_crossing_block(std::uint64_t linear, const PhysicalMemory::Page& first, Block block) {
    std::array<std::uint8_t, kLongestInstruction> bytes{};
    std::uint64_t in_first = kPageSize - linear % kPageSize;
    auto second = code_page(is_64() ? linear + in_first : (linear + in_first) & 0xFFFFFFFF);
    if (!second) return nullptr;
    block.first = source_of(first, linear % kPageSize, in_first);
    block.second = source_of(*second, 0, kLongestInstruction - in_first);
    std::copy_n(first.host + linear % kPageSize, in_first, bytes.begin());
    std::copy_n(second->host, bytes.size() - in_first, bytes.begin() + static_cast<std::ptrdiff_t>(in_first));
    std::array<Op, 2> ops;
    bool ends = decode(bytes, block.rip, block.mode, offer_, ops[0]) == Decoded::kEndsBlock;
    block.size = ops[0].length;
    block.count = 1;
    if (!fits_code_segment(block)) {
        raise(kGeneralProtection, 0);
        return nullptr;
    }
    ops[1] = end_of_block((block.rip + block.size) & ip_mask());
    return keep_block(block, std::span(ops).first(ends ? 1 : 2));
}

const Block* Cpu::keep_block(Block block, std::span<const Op> ops) {
    look_at_code_epoch();  // the block itself must not write to its page without a look
    if (!alone_) return blocks_->insert(block, ops);
    single_ops_.assign(ops.begin(), ops.end());
    single_ = block;
    single_.ops = single_ops_.data();
    return &single_;
}

const Block* Cpu::make_block(std::uint64_t linear, std::size_t max_ops) {
    Block block;
    block.linear = linear;
    block.rip = rip;
    block.mode = mode_;
    auto page = code_page(linear);
    if (!page) return nullptr;
    std::uint64_t room = kPageSize - linear % kPageSize;
    if (!is_64()) {
        if (rip > segments[kCs].limit) {
            raise(kGeneralProtection, 0);
            return nullptr;
        }
        room = std::min<std::uint64_t>(room, std::uint64_t{segments[kCs].limit} - rip + 1);
    }
    std::uint64_t noted = std::min<std::uint64_t>(kLongestInstruction, room);
    block.first = source_of(*page, linear % kPageSize, noted);
    std::span<const std::uint8_t> bytes(page->host + linear % kPageSize, room);
    std::array<Op, Block::kMaxOps + 1> ops;
    bool ends = false;
    while (!ends && block.count < max_ops && block.size < room) {
        // Known as code before it is read, so that no write between the two goes unnoticed.
        if (std::uint64_t need = std::min<std::uint64_t>(block.size + kLongestInstruction, room); need > noted) {
            memory_.note_code(*page, (linear + noted) % kPageSize, need - noted);
            noted = need;
        }
        Op& op = ops[block.count];
        Decoded decoded = decode(bytes.subspan(block.size), (rip + block.size) & ip_mask(), mode_, offer_, op);
        if (decoded == Decoded::kTooShort) break;
        op.offset = block.size;
        block.size = static_cast<std::uint16_t>(block.size + op.length);
        ++block.count;
        ends = decoded == Decoded::kEndsBlock;
    }
    if (block.count == 0) {
        if (room == kPageSize - linear % kPageSize) return make_crossing_block(linear, *page, block);
        raise(kGeneralProtection, 0);  // it runs over the limit of CS
        return nullptr;
    }
    std::size_t total = block.count;
    if (!ends) ops[total++] = end_of_block((rip + block.size) & ip_mask());
    return keep_block(block, std::span(ops).first(total));
}

}  // namespace nyx::soft
