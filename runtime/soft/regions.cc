#include "runtime/soft/regions.h"

#include <algorithm>
#include <cstring>

#include "runtime/soft/go_on.h"

namespace nyx::soft {

void RegionInbox::put(Done done) {
    std::lock_guard guard(mutex_);
    done_.push_back(std::move(done));
    has_some_.store(true, std::memory_order_release);
}

std::vector<RegionInbox::Done> RegionInbox::take() {
    if (!has_some_.load(std::memory_order_acquire)) return {};
    std::lock_guard guard(mutex_);
    has_some_.store(false, std::memory_order_relaxed);
    return std::exchange(done_, {});
}

void Regions::ask(Block& block, const Offer& offer) {
    const std::uint64_t page = block.linear & kPageMask;
    block.heat = 0;
    if (block.second.host != nullptr || waiting_.size() == kMostWaiting || waiting_.contains(page)) return;
    auto request = std::make_unique<RegionRequest>();
    request->linear = block.linear;
    request->rip = block.rip;
    request->mode = block.mode;
    request->offer = offer;
    request->version = block.first.version;
    copy_guest(request->page.data(), block.first.host, kPageSize);
    if (!source_->ask(request, inbox_)) return;
    waiting_.insert(page);
    block.heat = warmth_.heat;
}

std::vector<RegionInbox::Done> Regions::take() {
    std::vector<RegionInbox::Done> done = inbox_->take();
    for (const RegionInbox::Done& one : done) waiting_.erase(one.request->linear & kPageMask);
    return done;
}

const Region* Regions::keep(Region region) {
    // A page at least: code is not writable once it is there, so pages are not shared.
    bytes_ += (region.bytes + kPageSize - 1) & kPageMask;
    ++counts.regions;
    return regions_.emplace_back(std::make_unique<Region>(std::move(region))).get();
}

void Regions::clear() {
    regions_.clear();
    bytes_ = 0;
}

// -- Cpu --

void Cpu::use_regions(std::shared_ptr<RegionSource> source, Warmth warmth) {
    regions_ = std::make_unique<Regions>(std::move(source), warmth);
}

void Cpu::take_regions() {
    for (RegionInbox::Done& done : regions_->take()) {
        if (!done.region) continue;
        if (regions_->is_full()) drop_regions();
        install(*done.request, std::move(*done.region));
    }
}

void Cpu::drop_regions() {
    forget_blocks();
    regions_->clear();
}

// The bytes that a region was made from become known as code, of which some may never have been decoded here, before
// they are looked at for the last time: what is written to them from then on raises the page's version.
void Cpu::install(const RegionRequest& request, Region region) {
    Block* block = blocks_->find(request.linear, request.rip, request.mode);
    if (block == nullptr || block->first.version != request.version) return;
    const PhysicalMemory::Page page{const_cast<std::uint8_t*>(block->first.host), block->first.state, false};
    for (std::uint64_t line = 0; line < 64; ++line) {
        if ((region.lines >> line & 1) == 0) continue;
        memory_.note_code(page, line * 64, 64);
        std::array<std::uint8_t, 64> now;
        copy_guest(now.data(), page.host + line * 64, 64);
        if (std::memcmp(now.data(), request.page.data() + line * 64, 64) != 0) return;
    }
    if (block->first.is_current()) block->region = regions_->keep(std::move(region));
}

void Cpu::warm(Block& block) {
    if (!regions_->is_sample(instructions)) return;
    if (block.region == nullptr && regions_->is_hot(block)) regions_->ask(block, offer_);
}

// Where the region ends, everything is counted, and the next block is found as after a jump that may go anywhere.
void Cpu::enter_region(Block& block) {
    const Region& region = *block.region;
    const std::uint64_t before = instructions;
    const bool fits = is_64() || region.last_rip <= segments[kCs].limit;
    if (fits && !alone_ && before + region.longest <= chain_end_) region.code(*this);
    if (instructions == before) return block.ops->run(*this, block.ops);
    regions_->counts.instructions += instructions - before;
    counted_from_ = block.ops + block.count;
    return go_anywhere(rip, counted_from_);
}

}  // namespace nyx::soft
