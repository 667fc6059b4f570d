// Arrays of integers as the bytes that saved state is made of (devices/kit/state.h), little-endian.
#pragma once

#include <array>
#include <cstdint>

#include "runtime/base/bytes.h"

namespace nyx::dev::irqchip {

template <class T, std::size_t N>
std::array<std::uint8_t, N * sizeof(T)> packed(const std::array<T, N>& values) {
    std::array<std::uint8_t, N * sizeof(T)> bytes{};
    for (std::size_t i = 0; i < N; ++i) store_le(bytes.data() + i * sizeof(T), values[i]);
    return bytes;
}

template <class T, std::size_t N>
void unpack(const std::array<std::uint8_t, N * sizeof(T)>& bytes, std::array<T, N>& values) {
    for (std::size_t i = 0; i < N; ++i) values[i] = load_le<T>(bytes.data() + i * sizeof(T));
}

}  // namespace nyx::dev::irqchip
