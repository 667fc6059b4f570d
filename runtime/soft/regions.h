// The regions of one CPU: which blocks are hot, what has been asked for, and what came back.
//
// Belongs to the CPU's thread but for Inbox::put().
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "runtime/soft/region.h"

namespace nyx::soft {

// Where finished regions wait for the CPU.
class RegionInbox {
  public:
    struct Done {
        std::unique_ptr<RegionRequest> request;
        std::optional<Region> region;
    };
    void put(Done done);
    // Costs next to nothing as long as there is nothing.
    std::vector<Done> take();

  private:
    std::atomic<bool> has_some_{false};
    std::mutex mutex_;
    std::vector<Done> done_;
};

// Who has regions made: a thread, or for tests the caller's own.
class RegionSource {
  public:
    virtual ~RegionSource() = default;
    // False: too much is waiting, ask again later; the request is left alone.
    virtual bool ask(std::unique_ptr<RegionRequest>& request, const std::shared_ptr<RegionInbox>& answer) = 0;
};

// When a block is hot: time spent in it decides, not how often the CPU's loop comes by, which depends on what else
// happens. So one block is looked at in every `interval` instructions (0: each one that the loop comes to).
struct Warmth {
    std::uint32_t heat = 0;  // how often it was looked at
    std::uint64_t interval = 1 << 13;
};

class Regions {
  public:
    Regions(std::shared_ptr<RegionSource> source, Warmth warmth) : source_(std::move(source)), warmth_(warmth) {}

    // True: the block that runs after so many instructions is to be looked at.
    bool is_sample(std::uint64_t instructions) {
        if (instructions < next_sample_) return false;
        next_sample_ = instructions + warmth_.interval;
        return true;
    }

    // True: this block is hot and not asked for yet.
    bool is_hot(Block& block) const {
        if (block.heat >= warmth_.heat) return false;
        ++block.heat;
        return block.heat == warmth_.heat;
    }
    // May come to nothing; the block then has to get hot again.
    void ask(Block& block, const Offer& offer);
    std::vector<RegionInbox::Done> take();
    // Keeps it for as long as there are blocks.
    const Region* keep(Region region);
    // More code than it should be: every block is to be dropped, and then all regions.
    bool is_full() const { return bytes_ > kMostBytes; }
    void clear();

    struct Counts {
        std::uint64_t regions = 0;       // made since the start
        std::uint64_t instructions = 0;  // executed in them
    };
    Counts counts;

  private:
    static constexpr std::size_t kMostBytes = std::size_t{64} << 20;
    static constexpr std::size_t kMostWaiting = 16;

    std::shared_ptr<RegionSource> source_;
    Warmth warmth_;
    std::uint64_t next_sample_ = 0;
    std::shared_ptr<RegionInbox> inbox_ = std::make_shared<RegionInbox>();
    std::set<std::uint64_t> waiting_;  // pages: one region of each at a time, the next may well be part of it
    std::vector<std::unique_ptr<Region>> regions_;
    std::size_t bytes_ = 0;
};

}  // namespace nyx::soft
