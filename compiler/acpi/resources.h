// Resource descriptors (ACPI 6.5 §6.4) and the template that _CRS holds.
//
// What fits a small descriptor gets one; a range or line too large for it gets the large form. Pure.
#pragma once

#include <cstdint>

#include "compiler/acpi/aml.h"
#include "runtime/base/bits.h"

namespace nyx::acpi {

// Ports that the device decodes. The range must lie below 0x10000.
Bytes io_ports(Range ports);
// Addresses that the device decodes, read-write.
Bytes memory(Range addresses);
// An interrupt line used by this device alone: ISA edge, active high below 16, else level, active high.
Bytes interrupt(std::uint32_t gsi);

// What a host bridge passes on to what is behind it: bus numbers from 0 to `last`, and memory below 4 GiB.
Bytes bus_numbers(std::uint8_t last);
Bytes memory_window(Range addresses);

// The descriptors, closed by an end tag, as the buffer that _CRS returns.
aml::Term resource_template(const std::vector<Bytes>& descriptors);

}  // namespace nyx::acpi
