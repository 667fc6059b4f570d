// Arithmetic on addresses and sizes that says when it overflows, and the few bit operations everyone needs.
#pragma once

#include <cstdint>
#include <optional>

namespace nyx {

inline std::optional<std::uint64_t> checked_add(std::uint64_t a, std::uint64_t b) {
    std::uint64_t sum = 0;
    if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
    return sum;
}

// `alignment` is a power of two; the caller knows that value + alignment does not overflow.
constexpr std::uint64_t align_up(std::uint64_t value, std::uint64_t alignment) {
    return (value + alignment - 1) & ~(alignment - 1);
}

constexpr std::uint64_t align_down(std::uint64_t value, std::uint64_t alignment) {
    return value & ~(alignment - 1);
}

// All ones in the lowest `bytes` bytes; bytes is 1 to 8.
constexpr std::uint64_t width_mask(unsigned bytes) {
    return bytes >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (bytes * 8)) - 1;
}

// Half-open address range [base, base + size). size may be 0; base + size does not overflow (checked where ranges are
// made).
struct Range {
    std::uint64_t base = 0;
    std::uint64_t size = 0;

    constexpr std::uint64_t end() const { return base + size; }
    constexpr bool contains(std::uint64_t address) const { return address >= base && address - base < size; }
    constexpr bool contains(Range other) const { return other.base >= base && other.end() <= end(); }
    constexpr bool overlaps(Range other) const { return base < other.end() && other.base < end(); }
    constexpr bool operator==(const Range&) const = default;
};

}  // namespace nyx
