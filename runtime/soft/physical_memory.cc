#include "runtime/soft/physical_memory.h"

#include <algorithm>

#include "runtime/base/fence.h"

namespace nyx::soft {
namespace {

constexpr std::uint64_t kLine = 64;

// Bits of the lines that [physical, physical + size) touches; it lies in one page.
std::uint64_t lines_of(std::uint64_t physical, std::uint64_t size) {
    std::uint64_t first = physical % kPageSize / kLine;
    std::uint64_t last = (physical % kPageSize + size - 1) / kLine;
    std::uint64_t up_to_last = last >= 63 ? ~std::uint64_t{0} : (std::uint64_t{1} << (last + 1)) - 1;
    return up_to_last & ~((std::uint64_t{1} << first) - 1);
}

}  // namespace

Status PhysicalMemory::map(Range range, std::uint8_t* host, bool read_only) {
    if (range.size == 0 || range.base % kPageSize != 0 || range.size % kPageSize != 0)
        return fail(ErrorCode::kInvalidArgument, "memory at {:#x} with {:#x} bytes is not made of whole pages",
                    range.base, range.size);
    for (const Region& other : regions_)
        if (other.range.overlaps(range))
            return fail(ErrorCode::kInvalidArgument, "memory at {:#x} overlaps that at {:#x}", range.base,
                        other.range.base);
    auto behind = std::ranges::find_if(regions_, [&](const Region& r) { return r.range.base > range.base; });
    regions_.insert(behind, {range, host, read_only, std::make_unique<PageState[]>(range.size / kPageSize)});
    return {};
}

void PhysicalMemory::watch_code(std::atomic<std::uint32_t>& flags, std::uint32_t bit) {
    std::lock_guard guard(watchers_lock_);
    watchers_.push_back({&flags, bit});
}

void PhysicalMemory::unwatch_code(const std::atomic<std::uint32_t>& flags) {
    std::lock_guard guard(watchers_lock_);
    std::erase_if(watchers_, [&](const Watcher& watcher) { return watcher.flags == &flags; });
}

void PhysicalMemory::tell_watchers() const {
    std::lock_guard guard(watchers_lock_);
    for (const Watcher& watcher : watchers_) watcher.flags->fetch_or(watcher.bit);
}

// The version first: forget_code() counts it up last, so that with the version from before lines may get lost, and with
// the one from after none do.
std::uint32_t PhysicalMemory::note_code(const Page& page, std::uint64_t physical, std::uint64_t size) {
    const std::uint32_t version = page.state->version.load();
    if (page.state->code_lines.fetch_or(lines_of(physical, size)) == 0) tell_watchers();
    return version;
}

bool PhysicalMemory::holds_code(const Page& page, std::uint64_t physical, std::uint64_t size) {
    return (page.state->code_lines.load() & lines_of(physical, size)) != 0;
}

void PhysicalMemory::forget_code(const Page& page) const {
    page.state->code_lines.store(0);
    page.state->version.fetch_add(1);
    tell_watchers();
}

void PhysicalMemory::wrote(Range range) const {
    full_fence();
    for (std::uint64_t at = align_down(range.base, kPageSize); at < range.end(); at += kPageSize) {
        auto page = find(at);
        if (page && page->state->code_lines.load() != 0) forget_code(*page);
    }
}

void PhysicalMemory::forget_all_code() const {
    for (const Region& region : regions_)
        for (std::uint64_t i = 0; i < region.range.size / kPageSize; ++i)
            if (region.pages[i].code_lines.load(std::memory_order_relaxed) != 0)
                forget_code({nullptr, &region.pages[i], region.read_only});
}

}  // namespace nyx::soft
