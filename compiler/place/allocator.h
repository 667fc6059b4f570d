// Who has which part of an address space: ports, memory addresses, lines alike. No policy lives here.
//
// Claims never overlap, and none reaches past 2^63. Owners are the caller's numbers. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "runtime/base/bits.h"

namespace nyx::place {

struct Claim {
    Range range;
    std::size_t owner = 0;
};

class Allocator {
  public:
    // The claim with the lowest address that overlaps `range`, or null.
    const Claim* find_overlap(Range range) const;
    // False, and nothing changes, where it overlaps a claim or is empty.
    bool claim(Range range, std::size_t owner);
    // The lowest, or highest, free range of that size inside `within`, aligned; alignment is a power of two.
    std::optional<Range> first_free(std::uint64_t size, std::uint64_t alignment, Range within) const;
    std::optional<Range> last_free(std::uint64_t size, std::uint64_t alignment, Range within) const;

  private:
    std::map<std::uint64_t, Claim> claims_;  // by base
};

}  // namespace nyx::place
