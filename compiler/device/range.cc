#include "compiler/device/range.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace nyx::device {

using dev::ir::low_bits;
using dev::ir::Op;

namespace {

__extension__ using Wide = unsigned __int128;

// Sums and products that may pass the width can be anything.
Range cut(Wide low, Wide high, unsigned bits) {
    const std::uint64_t most = low_bits(bits);
    return high > most ? Range{0, most} : Range{static_cast<std::uint64_t>(low), static_cast<std::uint64_t>(high)};
}

// All numbers that have no bit above those of `value`.
std::uint64_t filled(std::uint64_t value) {
    return low_bits(static_cast<unsigned>(std::bit_width(value)));
}

Range shifted_left(Range a, Range b, unsigned bits) {
    if (b.high >= bits) return Range::of_bits(bits);
    return cut(static_cast<Wide>(a.low) << b.low, static_cast<Wide>(a.high) << b.high, bits);
}

Range shifted_right(Range a, Range b, unsigned bits) {
    return {b.high >= bits ? 0 : a.low >> b.high, b.low >= bits ? 0 : a.high >> b.low};
}

}  // namespace

Range range_of(Op op, Range a, Range b, unsigned bits) {
    const std::uint64_t most = low_bits(bits);
    switch (op) {
        case Op::kAdd:
            return cut(static_cast<Wide>(a.low) + b.low, static_cast<Wide>(a.high) + b.high, bits);
        case Op::kSubtract:
            return a.low >= b.high ? Range{a.low - b.high, a.high - b.low} : Range{0, most};
        case Op::kMultiply:
            return cut(static_cast<Wide>(a.low) * b.low, static_cast<Wide>(a.high) * b.high, bits);
        case Op::kDivide:
            return b.low == 0 ? Range{0, most} : Range{a.low / b.high, a.high / b.low};
        case Op::kRemainder:
            return b.low == 0 ? Range{0, most} : Range{0, std::min(a.high, b.high - 1)};
        case Op::kAnd:
            return {0, std::min(a.high, b.high)};
        case Op::kOr:
            return {std::max(a.low, b.low), filled(a.high | b.high)};
        case Op::kXor:
            return {0, filled(a.high | b.high)};
        case Op::kShiftLeft:
            return shifted_left(a, b, bits);
        case Op::kShiftRight:
            return shifted_right(a, b, bits);
        case Op::kEqual:
        case Op::kLess:
            return {0, 1};
        case Op::kCopy:
            return a.high <= most ? a : Range{0, most};
        default:
            return {0, most};
    }
}

Range hull(Range a, Range b) {
    return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

Range meet(Range a, Range b) {
    const Range both{std::max(a.low, b.low), std::min(a.high, b.high)};
    return both.low <= both.high ? both : a;
}

std::string text_of(Range range) {
    return range.is_one() ? fmt::to_string(range.low) : fmt::format("{} to {}", range.low, range.high);
}

}  // namespace nyx::device
