// The x87, SSE and AVX state as FXSAVE and XSAVE lay it out (SDM volume 1, §10.5.1 and chapter 13).
#pragma once

#include <span>

#include "runtime/soft/cpu.h"

namespace nyx::soft {

// Components of the state, as XCR0 and XSTATE_BV number them.
inline constexpr std::uint64_t kX87Component = 1, kSseComponent = 2, kAvxComponent = 4, kAllComponents = 7;
inline constexpr std::size_t kLegacyArea = 512, kXsaveHeader = 64, kAvxArea = 576, kXsaveSize = 832;

// wide: 64-bit pointers instead of selectors and offsets. `registers`: 16 in 64-bit code, else 8.
struct SaveFormat {
    bool is_wide = false;
    std::size_t registers = 8;
};

void put_x87(const X87State& x87, SaveFormat format, std::span<std::uint8_t> area);
void get_x87(X87State& x87, SaveFormat format, std::span<const std::uint8_t> area);
void put_mxcsr(std::uint32_t mxcsr, std::span<std::uint8_t> area);
std::uint32_t mxcsr_of(std::span<const std::uint8_t> area);
void put_xmm(const VectorState& vector, SaveFormat format, std::span<std::uint8_t> area);
void get_xmm(VectorState& vector, SaveFormat format, std::span<const std::uint8_t> area);
void put_upper(const VectorState& vector, SaveFormat format, std::span<std::uint8_t> area);
void get_upper(VectorState& vector, SaveFormat format, std::span<const std::uint8_t> area);

// XINUSE: what differs from the state after reset.
std::uint64_t components_in_use(const Cpu& cpu);

}  // namespace nyx::soft
