// From memory to blocks.
#include <algorithm>

#include "runtime/soft/decode/decoder.h"
#include "runtime/soft/translation.h"

namespace nyx::soft {

// Null: an exception was raised.
const CodeEntry* Cpu::code_entry(std::uint64_t linear) {
    CodeTlb& tlb = translations_.code(mode_.is_user);
    CodeEntry& entry = tlb.at(linear);
    if (entry.page == (linear & kPageMask)) [[likely]]
        return &entry;
    auto page = walk(linear, Touch::kExecute, false);
    if (!page) return nullptr;
    auto memory = memory_.find(page->physical);
    if (!memory) {
        raise(kInvalidOpcode);  // as a bus on which nobody answers would give: FF FF
        return nullptr;
    }
    note_size(linear, page->page_size);
    if (tlb.set(linear, {linear & kPageMask, *memory}, page->is_global)) forget_links({!mode_.is_user, mode_.is_user});
    return &entry;
}

Block::Source Cpu::source_of(const PhysicalMemory::Page& page, std::uint64_t physical, std::uint64_t size) {
    return {page.host, page.state, memory_.note_code(page, physical, size)};
}

// One instruction that runs over the end of its page.
Block* Cpu::make_crossing_block(std::uint64_t linear, const PhysicalMemory::Page& first, Block block) {
    std::array<std::uint8_t, kLongestInstruction> bytes{};
    std::uint64_t in_first = kPageSize - linear % kPageSize;
    const CodeEntry* second_entry = code_entry(is_64() ? linear + in_first : (linear + in_first) & 0xFFFFFFFF);
    if (second_entry == nullptr) return nullptr;
    const PhysicalMemory::Page second = second_entry->memory;
    block.first = source_of(first, linear % kPageSize, in_first);
    block.second = source_of(second, 0, kLongestInstruction - in_first);
    copy_guest(bytes.data(), first.host + linear % kPageSize, in_first);
    copy_guest(bytes.data() + in_first, second.host, bytes.size() - in_first);
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

Block* Cpu::keep_block(Block block, std::span<const Op> ops) {
    // The block itself must not write to its page without a look.
    if ((wanted() & kWantCodeLook) != 0) look_at_code();
    if (!alone_) {
        if (blocks_->is_full(ops.size())) forget_blocks();
        return blocks_->insert(block, ops);
    }
    single_ops_.assign(ops.begin(), ops.end());
    single_ = block;
    single_.ops = single_ops_.data();
    return &single_;
}

Block* Cpu::make_block(std::uint64_t linear, std::size_t max_ops) {
    Block block;
    block.linear = linear;
    block.rip = rip;
    block.mode = mode_;
    const CodeEntry* entry = code_entry(linear);
    if (entry == nullptr) return nullptr;
    const PhysicalMemory::Page page = entry->memory;
    std::uint64_t room = kPageSize - linear % kPageSize;
    if (!is_64()) {
        if (rip > segments[kCs].limit) {
            raise(kGeneralProtection, 0);
            return nullptr;
        }
        room = std::min<std::uint64_t>(room, std::uint64_t{segments[kCs].limit} - rip + 1);
    }
    std::uint64_t noted = std::min<std::uint64_t>(kLongestInstruction, room);
    block.first = source_of(page, linear % kPageSize, noted);
    std::array<Op, Block::kMaxOps + 1> ops;
    bool ends = false;
    Pair pair;
    while (!ends && block.count < max_ops && block.size < room) {
        // Known as code before it is read, so that no write between the two goes unnoticed.
        if (std::uint64_t need = std::min<std::uint64_t>(block.size + kLongestInstruction, room); need > noted) {
            memory_.note_code(page, (linear + noted) % kPageSize, need - noted);
            noted = need;
        }
        Op& op = ops[block.count];
        std::array<std::uint8_t, kLongestInstruction> bytes;
        const std::uint64_t size = std::min<std::uint64_t>(bytes.size(), room - block.size);
        copy_guest(bytes.data(), page.host + linear % kPageSize + block.size, size);
        Decoded decoded = decode(std::span(bytes).first(size), (rip + block.size) & ip_mask(), mode_, offer_, op, pair);
        if (decoded == Decoded::kTooShort) break;
        if (pair.run_before != nullptr) ops[block.count - 1u].run = pair.run_before;
        op.offset = block.size;
        block.size = static_cast<std::uint16_t>(block.size + op.length);
        ++block.count;
        ends = decoded == Decoded::kEndsBlock;
    }
    if (block.count == 0) {
        if (room == kPageSize - linear % kPageSize) return make_crossing_block(linear, page, block);
        raise(kGeneralProtection, 0);  // it runs over the limit of CS
        return nullptr;
    }
    std::size_t total = block.count;
    if (!ends) ops[total++] = end_of_block((rip + block.size) & ip_mask());
    return keep_block(block, std::span(ops).first(total));
}

}  // namespace nyx::soft
