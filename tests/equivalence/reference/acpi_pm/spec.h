// ACPI fixed hardware: ACPI 6.5 §4.8, and the layout of this device's two regions.
#pragma once

#include <cstdint>

namespace nyx::dev::acpi_pm {

inline constexpr std::uint32_t kPmRegion = 0;
inline constexpr std::uint32_t kResetRegion = 1;

// Region 0, 16 ports: where the FADT points. PM1a_EVT_BLK = +0 (length 4), PM1a_CNT_BLK = +4 (length 2), PM_TMR_BLK =
// +8 (length 4).
inline constexpr std::uint64_t kPm1Status = 0;
inline constexpr std::uint64_t kPm1Enable = 2;
inline constexpr std::uint64_t kPm1Control = 4;
inline constexpr std::uint64_t kPmTimer = 8;
inline constexpr std::uint64_t kPmPorts = 16;

// §4.8.3.1.1 and §4.8.3.1.2: the same bits in status and enable.
inline constexpr std::uint16_t kTmr = 1 << 0;
inline constexpr std::uint16_t kGbl = 1 << 5;
inline constexpr std::uint16_t kPwrbtn = 1 << 8;
inline constexpr std::uint16_t kRtc = 1 << 10;
inline constexpr std::uint16_t kEvents = kTmr | kGbl | kPwrbtn | kRtc;

// §4.8.3.2.1 PM1 control.
inline constexpr std::uint16_t kSciEn = 1 << 0;  // always 1: there is no legacy mode (FADT.SMI_CMD = 0)
inline constexpr std::uint16_t kBmRld = 1 << 1;
inline constexpr std::uint16_t kSlpTypMask = 7 << 10;
inline constexpr std::uint16_t kSlpTypShift = 10;
inline constexpr std::uint16_t kSlpEn = 1 << 13;  // write-only
inline constexpr std::uint16_t kControlKept = kBmRld | kSlpTypMask;
inline constexpr std::uint16_t kSlpTypS5 = 5;  // \_S5 in the DSDT says the same

// §4.8.2.1 power management timer.
inline constexpr std::uint64_t kTimerHz = 3'579'545;

// Region 1, one port: reset control as on PC chipsets at 0xCF9. FADT.RESET_REG points here, FADT.RESET_VALUE is
// kResetValue.
inline constexpr std::uint8_t kResetCpu = 0x04;   // a write with this bit resets the machine
inline constexpr std::uint8_t kResetKept = 0x0A;  // hard reset and full power cycle: read back, make no difference
inline constexpr std::uint8_t kResetValue = 0x06;

}  // namespace nyx::dev::acpi_pm
