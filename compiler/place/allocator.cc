#include "compiler/place/allocator.h"

#include <iterator>

namespace nyx::place {

const Claim* Allocator::find_overlap(Range range) const {
    auto after = claims_.upper_bound(range.base);
    if (after != claims_.begin() && std::prev(after)->second.range.overlaps(range)) return &std::prev(after)->second;
    return after != claims_.end() && after->second.range.overlaps(range) ? &after->second : nullptr;
}

bool Allocator::claim(Range range, std::size_t owner) {
    if (range.size == 0 || find_overlap(range)) return false;
    claims_[range.base] = {range, owner};
    return true;
}

std::optional<Range> Allocator::first_free(std::uint64_t size, std::uint64_t alignment, Range within) const {
    Range range{align_up(within.base, alignment), size};
    while (within.contains(range)) {
        const Claim* taken = find_overlap(range);
        if (!taken) return range;
        range.base = align_up(taken->range.end(), alignment);
    }
    return std::nullopt;
}

std::optional<Range> Allocator::last_free(std::uint64_t size, std::uint64_t alignment, Range within) const {
    std::uint64_t end = within.end();
    while (end >= size && within.contains({align_down(end - size, alignment), size})) {
        Range range{align_down(end - size, alignment), size};
        const Claim* taken = find_overlap(range);
        if (!taken) return range;
        end = taken->range.base;
    }
    return std::nullopt;
}

}  // namespace nyx::place
