// What a value can be: all numbers from low to high, unsigned. Sound, not exact: a value is never outside of its range.
#pragma once

#include <cstdint>
#include <string>

#include "devices/ir/program.h"

namespace nyx::device {

struct Range {
    std::uint64_t low = 0, high = ~std::uint64_t{0};
    bool operator==(const Range&) const = default;

    static Range of(std::uint64_t value) { return {value, value}; }
    static Range of_bits(unsigned bits) { return {0, dev::ir::low_bits(bits)}; }
    bool contains(std::uint64_t value) const { return low <= value && value <= high; }
    bool is_one() const { return low == high; }
};

// Of the results of `op` on values of these ranges, cut to `bits`.
Range range_of(dev::ir::Op op, Range a, Range b, unsigned bits);
// What is in either, and in both; the second is one of them where they have nothing in common.
Range hull(Range a, Range b);
Range meet(Range a, Range b);
std::string text_of(Range range);  // "3", "0 to 15"

}  // namespace nyx::device
