// Where the plan has put ACPI's fixed hardware: the blocks of the acpi_pm device, as the FADT and the DSDT tell them.
// Or what takes its place: the registers of an acpi_ged, in a machine that has no acpi_pm (ACPI 6.5 §4.1).
#pragma once

#include "runtime/base/bits.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::acpi {

// stdlib/devices/acpi_pm.ny: its ranges, and its registers from the beginning of the first; a test holds both together.
inline constexpr std::size_t kPmRegion = 0, kResetRegion = 1;
inline constexpr std::uint64_t kPm1Status = 0, kPm1Control = 4, kPmTimer = 8;
inline constexpr std::uint8_t kSlpTypS5 = 5;       // what it takes for S5
inline constexpr std::uint8_t kResetValue = 0x06;  // what resets, written to its second range
// stdlib/devices/rtc.ny: where its memory has the century.
inline constexpr std::uint8_t kCmosCentury = 0x32;

// All are ports; empty ones are not there.
struct PowerPorts {
    Range event;    // PM1a_EVT_BLK: status, enable
    Range control;  // PM1a_CNT_BLK
    Range timer;    // PM_TMR_BLK
    Range reset;    // RESET_REG
    bool timer_is_32_bits = true;
};

bool is_hardware_reduced(const plan::MachinePlan& plan);

// Addresses of the registers of stdlib/devices/acpi_ged.ny, a byte each; 0 in machines with fixed hardware.
struct SleepRegisters {
    std::uint64_t control = 0, status = 0, reset = 0;
};
inline constexpr std::uint8_t kReducedResetValue = 0x42;
SleepRegisters sleep_registers(const plan::MachinePlan& plan);

// None in a hardware-reduced machine; else the plan must have an acpi_pm device with both its regions (build_acpi
// checks that).
PowerPorts power_ports(const plan::MachinePlan& plan);

}  // namespace nyx::acpi
