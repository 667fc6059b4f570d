// Intel SDM volume 3, chapter 12, "Advanced Programmable Interrupt Controller" (older printings: chapter 11).
#pragma once

#include <cstdint>

namespace nyx::dev::irqchip {

inline constexpr std::uint64_t kApicBase = 0xFEE0'0000;
inline constexpr std::uint64_t kApicPageSize = 0x1000;
inline constexpr std::uint32_t kFirstX2ApicMsr = 0x800;
inline constexpr std::uint32_t kX2ApicMsrs = 0x100;
inline constexpr std::uint32_t kMsrApicBase = 0x1B;
inline constexpr std::uint32_t kMsrTscDeadline = 0x6E0;

// IA32_APIC_BASE (§12.4.4, §12.12.1).
inline constexpr std::uint64_t kBaseBootProcessor = 1U << 8;
inline constexpr std::uint64_t kBaseX2Apic = 1U << 10;  // EXTD
inline constexpr std::uint64_t kBaseEnabled = 1U << 11;
inline constexpr std::uint64_t kBaseReserved = 0x2FF;

// Table 12-1 "Local APIC register address map" and Table 12-6 "Local APIC register address map supported by x2APIC":
// register n is at 16 * n in the page and at MSR 0x800 + n.
enum ApicRegister : std::uint32_t {
    kApicId = 0x02,
    kApicVersion = 0x03,
    kApicTpr = 0x08,
    kApicApr = 0x09,
    kApicPpr = 0x0A,
    kApicEoi = 0x0B,
    kApicRemoteRead = 0x0C,
    kApicLdr = 0x0D,
    kApicDfr = 0x0E,
    kApicSvr = 0x0F,
    kApicIsr = 0x10,
    kApicTmr = 0x18,
    kApicIrr = 0x20,
    kApicEsr = 0x28,
    kApicIcr = 0x30,
    kApicIcrHigh = 0x31,
    kApicLvtTimer = 0x32,
    kApicLvtThermal = 0x33,
    kApicLvtPerformance = 0x34,
    kApicLvtLint0 = 0x35,
    kApicLvtLint1 = 0x36,
    kApicLvtError = 0x37,
    kApicInitialCount = 0x38,
    kApicCurrentCount = 0x39,
    kApicDivide = 0x3E,
    kApicSelfIpi = 0x3F,
};
inline constexpr std::uint32_t kLvtCount = kApicLvtError - kApicLvtTimer + 1;

// §12.4.8: integrated APIC, six LVT entries.
inline constexpr std::uint32_t kApicVersionValue = (kLvtCount - 1) << 16 | 0x14;
inline constexpr std::uint32_t kVersionDirectedEoi = 1U << 24;

// §12.5.1 "Local vector table".
inline constexpr std::uint32_t kLvtVector = 0xFF;
inline constexpr std::uint32_t kLvtMode = 0x700;
inline constexpr std::uint32_t kLvtActiveLow = 1U << 13;
inline constexpr std::uint32_t kLvtRemoteIrr = 1U << 14;  // read-only
inline constexpr std::uint32_t kLvtLevel = 1U << 15;
inline constexpr std::uint32_t kLvtMasked = 1U << 16;
inline constexpr unsigned kLvtTimerModeShift = 17;
inline constexpr std::uint32_t kLvtTimerMode = 3U << kLvtTimerModeShift;

// §12.9 "Spurious interrupt".
inline constexpr std::uint32_t kSvrEnabled = 1U << 8;
inline constexpr std::uint32_t kSvrSuppressEoi = 1U << 12;  // suppress EOI broadcasts
inline constexpr std::uint32_t kSvrWritable = 0x3FF;        // with the focus bit, which does nothing
inline constexpr std::uint32_t kSvrReset = 0xFF;

// §12.5.3 "Error handling".
inline constexpr std::uint8_t kErrorSendIllegalVector = 1U << 5;
inline constexpr std::uint8_t kErrorReceiveIllegalVector = 1U << 6;
inline constexpr std::uint8_t kErrorIllegalRegister = 1U << 7;
inline constexpr std::uint8_t kErrorsKnown = 0xE0;
inline constexpr unsigned kFirstLegalVector = 16;

// §12.6.1 "Interrupt command register".
inline constexpr std::uint32_t kIcrLogical = 1U << 11;
inline constexpr std::uint32_t kIcrAssert = 1U << 14;
inline constexpr std::uint32_t kIcrLevel = 1U << 15;
inline constexpr unsigned kIcrShorthandShift = 18;
inline constexpr std::uint32_t kIcrLowWritable = 0x000C'CFFF;  // without the delivery status: sending takes no time
enum class Shorthand : std::uint8_t { kNone = 0, kSelf = 1, kAll = 2, kOthers = 3 };

// §12.6.2.2 "Logical destination mode".
inline constexpr std::uint32_t kLdrWritable = 0xFF00'0000;
inline constexpr std::uint32_t kDfrFlat = 0xFFFF'FFFF;
inline constexpr std::uint32_t kDfrOnes = 0x0FFF'FFFF;
inline constexpr std::uint32_t kNarrowBroadcast = 0xFF;
inline constexpr std::uint32_t kWideBroadcast = 0xFFFF'FFFF;

// §12.5.4 "APIC timer".
inline constexpr std::uint32_t kDivideWritable = 0xB;

}  // namespace nyx::dev::irqchip
