#include "runtime/soft/jit/llvm/guest_code.h"

#include <llvm/IR/Constants.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>

#include <algorithm>

#include "runtime/soft/decode/decoder.h"
#include "runtime/soft/jit/llvm/markers.h"

namespace nyx::soft {
namespace {

constexpr std::size_t kMostBlocks = 32;
constexpr std::uint64_t kMostInstructions = 128;

// The values that this one may have; false: others too.
bool constants_of(const llvm::Value* value, std::vector<std::uint64_t>& out, unsigned depth = 0) {
    if (const auto* constant = llvm::dyn_cast<llvm::ConstantInt>(value)) {
        if (std::ranges::find(out, constant->getZExtValue()) == out.end()) out.push_back(constant->getZExtValue());
        return true;
    }
    if (depth == 4) return false;
    if (const auto* select = llvm::dyn_cast<llvm::SelectInst>(value))
        return constants_of(select->getTrueValue(), out, depth + 1) &&
               constants_of(select->getFalseValue(), out, depth + 1);
    if (const auto* phi = llvm::dyn_cast<llvm::PHINode>(value))
        return std::ranges::all_of(phi->incoming_values(),
                                   [&](const llvm::Use& use) { return constants_of(use, out, depth + 1); });
    return false;
}

}  // namespace

std::uint64_t GuestBlock::instructions() const {
    return static_cast<std::uint64_t>(std::ranges::count_if(ops, &GuestOp::is_instruction));
}

GuestCode::GuestCode(Templates& templates, const RegionRequest& request) : templates_(templates), request_(request) {
    blocks_.reserve(kMostBlocks);
    (void)add(request.rip);
    // Breadth first: what is near the hot block is most likely hot too.
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
        decode_block(blocks_[i], i);
        if (blocks_[i].return_to != 0)
            if (auto site = add(blocks_[i].return_to)) return_sites_.push_back(*site);
        for (std::uint64_t target : blocks_[i].targets) (void)add(target);
    }
    for (GuestBlock& block : blocks_) {
        for (std::uint64_t target : block.targets)
            if (auto to = block_at(target)) block.next.push_back(*to);
        if (block.jumps_anywhere) block.next.insert(block.next.end(), return_sites_.begin(), return_sites_.end());
    }
    std::vector<int> state(blocks_.size());
    plan(0, state);
}

GuestCode::~GuestCode() {
    for (GuestBlock& block : blocks_)
        for (GuestOp& op : block.ops)
            if (op.code != nullptr) op.code->eraseFromParent();
}

std::optional<std::size_t> GuestCode::block_at(std::uint64_t rip) const {
    auto found = by_rip_.find(rip);
    return found == by_rip_.end() ? std::nullopt : std::optional(found->second);
}

// Nothing: on another page, or there is no room left.
std::optional<std::size_t> GuestCode::add(std::uint64_t rip) {
    if (auto known = block_at(rip)) return known;
    const std::uint64_t linear = request_.linear + (rip - request_.rip);
    if ((linear ^ request_.linear) / kPageSize != 0) return std::nullopt;
    if (blocks_.size() == kMostBlocks || instructions_ >= kMostInstructions) return std::nullopt;
    by_rip_[rip] = blocks_.size();
    blocks_.emplace_back().rip = rip;
    return blocks_.size() - 1;
}

void GuestCode::note_bytes(std::uint64_t at, std::uint64_t size, std::uint64_t rip) {
    for (std::uint64_t line = at / 64; line <= (at + size - 1) / 64; ++line) lines_ |= std::uint64_t{1} << line;
    last_rip_ = std::max(last_rip_, rip + size - 1);
}

void GuestCode::decode_block(GuestBlock& block, std::size_t number) {
    const std::uint64_t mask = request_.mode.code_bits == 64   ? ~std::uint64_t{0}
                               : request_.mode.code_bits == 32 ? 0xFFFFFFFF
                                                               : 0xFFFF;
    std::uint64_t at = (request_.linear + (block.rip - request_.rip)) % kPageSize;
    std::uint64_t rip = block.rip;
    for (;;) {
        Op op;
        std::span<const std::uint8_t> bytes = std::span(request_.page).subspan(at);
        const bool is_full = block.ops.size() == Block::kMaxOps;
        Decoded decoded =
            is_full || bytes.empty() ? Decoded::kTooShort : decode(bytes, rip, request_.mode, request_.offer, op);
        const bool goes_out = decoded == Decoded::kTooShort;
        // Of an instruction that goes on on the next page there is nothing here: going on to it would lead back here.
        if (goes_out && block.ops.empty()) {
            places_.push_back({number, 0});
            block.ops.push_back({rip, nullptr, false});
            return;
        }
        if (goes_out) op = end_of_block(rip);
        op.offset = static_cast<std::uint16_t>(rip - block.rip);
        const auto place = static_cast<unsigned>(places_.size());
        GuestOp made{rip, templates_.specialise(op, request_.mode, place), !goes_out};
        if (made.code != nullptr && !goes_out) note_bytes(at, op.length, rip);
        places_.push_back({number, block.ops.size()});
        block.ops.push_back(made);
        if (made.code == nullptr) return;
        if (!goes_out) ++instructions_;
        if (goes_out || decoded == Decoded::kEndsBlock) {
            if (!goes_out && bytes.front() == 0xE8) block.return_to = (rip + op.length) & mask;
            return find_targets(block);
        }
        at += op.length;
        rip = (rip + op.length) & mask;
    }
}

void GuestCode::find_targets(GuestBlock& block) {
    for (const llvm::Instruction& each : llvm::instructions(*block.ops.back().code)) {
        const auto* call = llvm::dyn_cast<llvm::CallInst>(&each);
        if (call == nullptr || call->getCalledFunction() == nullptr || call->getCalledFunction()->getName() != kJump)
            continue;
        if (!constants_of(call->getArgOperand(1), block.targets)) block.jumps_anywhere = true;
    }
}

// Depth first: a way back to where it comes from is a loop. state: 1 on the way, 2 done.
void GuestCode::plan(std::size_t number, std::vector<int>& state) {
    state[number] = 1;
    std::uint64_t rest = 0;
    for (std::size_t next : blocks_[number].next) {
        if (state[next] == 0) plan(next, state);
        if (state[next] == 1) {
            blocks_[next].is_checked = true;
            has_loop_ = true;
        }
        if (!blocks_[next].is_checked) rest = std::max(rest, blocks_[next].longest);
    }
    blocks_[number].longest = blocks_[number].instructions() + rest;
    state[number] = 2;
}

}  // namespace nyx::soft
