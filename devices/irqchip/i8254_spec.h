// Intel 8254, "Programmable Interval Timer", and the port beside it (PC/AT "system control port B").
#pragma once

#include <cstdint>

namespace nyx::dev::irqchip {

inline constexpr std::uint64_t kPitPort = 0x40;  // counters 0 to 2
inline constexpr std::uint64_t kPitControlPort = 0x43;
inline constexpr std::uint64_t kPortB = 0x61;
inline constexpr unsigned kPitCounters = 3;
inline constexpr std::int64_t kPitHz = 1'193'182;

// "Control word format".
inline constexpr unsigned kPitSelectShift = 6;
inline constexpr std::uint8_t kPitReadBack = 3;  // in place of a counter
inline constexpr std::uint8_t kPitControlMask = 0x3F;
inline constexpr unsigned kPitAccessShift = 4;  // RW1, RW0; 0: counter latch command
inline constexpr std::uint8_t kPitLow = 1;
inline constexpr std::uint8_t kPitHigh = 2;
inline constexpr std::uint8_t kPitBcd = 0x01;

// "Read-back command": these two bits are active low.
inline constexpr std::uint8_t kPitNoCount = 0x20;
inline constexpr std::uint8_t kPitNoStatus = 0x10;
// Its status byte, above the control word's six bits.
inline constexpr std::uint8_t kPitOut = 0x80;
inline constexpr std::uint8_t kPitNullCount = 0x40;

// Port B. Bits 2 and 3 enable NMI sources that are not there; they are kept.
inline constexpr std::uint8_t kPortBGate2 = 0x01;
inline constexpr std::uint8_t kPortBSpeaker = 0x02;
inline constexpr std::uint8_t kPortBWritable = 0x0F;
inline constexpr std::uint8_t kPortBRefresh = 0x10;  // toggles with each refresh of the RAM
inline constexpr std::uint8_t kPortBOut2 = 0x20;
inline constexpr std::int64_t kRefreshTicks = 18;  // 15 us

}  // namespace nyx::dev::irqchip
