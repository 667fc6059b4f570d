// Resource descriptors (ACPI 6.5 §6.4) and the template that _CRS holds.
//
// What fits a small descriptor gets one; a range or line too large for it gets the large form. Pure.
#pragma once

#include <cstdint>

#include "compiler/acpi/aml.h"
#include "runtime/base/bits.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::acpi {

// Ports that the device decodes. The range must lie below 0x10000.
Bytes io_ports(Range ports);
// Addresses that the device decodes, read-write.
Bytes memory(Range addresses);
// An interrupt line used by this device alone, active high: below 16 as the ISA bus has it (edge), else `trigger`.
enum class Trigger : std::uint8_t { kLevel, kEdge };
Bytes interrupt(std::uint32_t gsi, Trigger trigger = Trigger::kLevel);

// What a host bridge passes on to what is behind it: bus numbers from 0 to `last`, and memory below 4 GiB.
Bytes bus_numbers(std::uint8_t last);
Bytes memory_window(Range addresses);

// Of the device's ports, then of its memory.
std::vector<Bytes> ranges_of(const plan::DevicePlan& device);

// The descriptors, closed by an end tag, as the buffer that _CRS returns.
aml::Term resource_template(const std::vector<Bytes>& descriptors);

}  // namespace nyx::acpi
