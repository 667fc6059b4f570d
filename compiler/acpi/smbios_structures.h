// The SMBIOS structures of a machine, in the order in which the table has them: plan → the structure's bytes.
#pragma once

#include <string_view>

#include "runtime/base/bits.h"
#include "runtime/base/bytes.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::acpi {

inline constexpr std::string_view kSmbiosMaker = "Nyx";

// smbios_product.cc: the machine as a product.
Bytes bios_information();
Bytes system_information(const plan::MachinePlan& plan);
Bytes chassis();
Bytes processor(const plan::MachinePlan& plan);

// smbios_memory.cc: an array with one device, and where it is. index: of the region, from 0.
Bytes memory_array(const plan::MachinePlan& plan);
Bytes memory_device(const plan::MachinePlan& plan);
Bytes mapped_addresses(Range ram, std::uint16_t index);

}  // namespace nyx::acpi
