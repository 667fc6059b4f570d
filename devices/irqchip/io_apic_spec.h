// Intel 82093AA, "I/O Advanced Programmable Interrupt Controller", with the EOI register of its successors (ICH9
// §13.5, version 0x20).
#pragma once

#include <cstdint>

namespace nyx::dev::irqchip {

// The window. The chip looks at address bits 4 to 7 only.
inline constexpr std::uint64_t kIoApicBase = 0xFEC0'0000;
inline constexpr std::uint64_t kIoApicSize = 0x1000;
inline constexpr std::uint64_t kIoRegSel = 0x00;
inline constexpr std::uint64_t kIoWin = 0x10;
inline constexpr std::uint64_t kIoEoi = 0x40;

// Indexes in IOREGSEL.
inline constexpr std::uint8_t kIoApicId = 0x00;
inline constexpr std::uint8_t kIoApicVersion = 0x01;
inline constexpr std::uint8_t kIoApicArbitration = 0x02;
inline constexpr std::uint8_t kIoRedTable = 0x10;  // entry n: low half at 0x10 + 2n, high half behind it

inline constexpr unsigned kIoApicPins = 24;
inline constexpr std::uint32_t kIoApicVersionValue = (kIoApicPins - 1) << 16 | 0x20;
inline constexpr std::uint32_t kIoApicIdMask = 0x0F00'0000;

// §3.2.4 "I/O redirection table registers".
inline constexpr std::uint64_t kRedLogical = 1U << 11;
inline constexpr std::uint64_t kRedSendPending = 1U << 12;  // delivery status; read-only
inline constexpr std::uint64_t kRedActiveLow = 1U << 13;
inline constexpr std::uint64_t kRedRemoteIrr = 1U << 14;  // read-only
inline constexpr std::uint64_t kRedLevel = 1U << 15;
inline constexpr std::uint64_t kRedMasked = 1U << 16;
inline constexpr unsigned kRedDestinationShift = 56;
inline constexpr std::uint64_t kRedWritable = 0xFF00'0000'0001'AFFF;

}  // namespace nyx::dev::irqchip
