// The value of an access of 1, 2, 4 or 8 bytes, as little-endian bytes and back, without a call for a copy of so few.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>

namespace nyx::vm {

// Whether a size is one of these.
constexpr bool is_access_size(std::size_t size) {
    constexpr unsigned kSizes = 1u << 1 | 1u << 2 | 1u << 4 | 1u << 8;
    return size <= 8 && (kSizes >> size & 1) != 0;
}

template <class T>
void copy_as(void* to, const void* from) {
    std::memcpy(to, from, sizeof(T));
}

inline void copy_access(void* to, const void* from, std::size_t size) {
    if (size == 1) return copy_as<std::uint8_t>(to, from);
    if (size == 2) return copy_as<std::uint16_t>(to, from);
    if (size == 4) return copy_as<std::uint32_t>(to, from);
    copy_as<std::uint64_t>(to, from);
}

inline std::uint64_t access_value(std::span<const std::uint8_t> data) {
    std::uint64_t value = 0;
    copy_access(&value, data.data(), data.size());
    return value;
}

inline void put_access_value(std::span<std::uint8_t> data, std::uint64_t value) {
    copy_access(data.data(), &value, data.size());
}

}  // namespace nyx::vm
