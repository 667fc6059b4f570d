// The blocks that a region is made of: from a hot one along all ways that are known, within its page.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "runtime/soft/jit/llvm/templates.h"
#include "runtime/soft/region.h"

namespace nyx::soft {

struct GuestOp {
    std::uint64_t rip = 0;
    llvm::Function* code = nullptr;  // null: the region ends in front of it
    bool is_instruction = true;      // false: it only says where the block goes on
};

struct GuestBlock {
    std::uint64_t rip = 0;
    std::vector<GuestOp> ops;
    std::vector<std::uint64_t> targets;  // of its jump, as far as they are known
    bool jumps_anywhere = false;         // to others too
    std::uint64_t return_to = 0;         // after a call; 0: it does not end with one
    // By plan():
    std::vector<std::size_t> next;  // blocks
    bool is_checked = false;        // a loop may come here: attention and the end of the run are looked at
    std::uint64_t longest = 0;      // instructions from here to such a look or out of the region

    std::uint64_t instructions() const;
};

class GuestCode {
  public:
    GuestCode(Templates& templates, const RegionRequest& request);
    ~GuestCode();
    GuestCode(const GuestCode&) = delete;
    GuestCode& operator=(const GuestCode&) = delete;

    const std::vector<GuestBlock>& blocks() const { return blocks_; }
    // By the number that the copies of templates know.
    struct Place {
        std::size_t block = 0, op = 0;
    };
    Place place(unsigned number) const { return places_[number]; }
    std::optional<std::size_t> block_at(std::uint64_t rip) const;
    // Blocks behind calls: where a return may lead.
    const std::vector<std::size_t>& return_sites() const { return return_sites_; }
    bool has_loop() const { return has_loop_; }
    std::uint64_t instructions() const { return instructions_; }
    std::uint64_t lines() const { return lines_; }
    std::uint64_t last_rip() const { return last_rip_; }

  private:
    std::optional<std::size_t> add(std::uint64_t rip);
    void decode_block(GuestBlock& block, std::size_t number);
    void note_bytes(std::uint64_t at, std::uint64_t size, std::uint64_t rip);
    void find_targets(GuestBlock& block);
    void plan(std::size_t block, std::vector<int>& state);

    Templates& templates_;
    const RegionRequest& request_;
    std::vector<GuestBlock> blocks_;
    std::map<std::uint64_t, std::size_t> by_rip_;
    std::vector<Place> places_;
    std::vector<std::size_t> return_sites_;
    std::uint64_t instructions_ = 0, lines_ = 0, last_rip_ = 0;
    bool has_loop_ = false;
};

}  // namespace nyx::soft
