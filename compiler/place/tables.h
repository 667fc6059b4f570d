// A plan as two text tables, for `nyxc emit memory-map` and `nyxc emit wiring`. Pure.
#pragma once

#include <string>

#include "runtime/plan/machine_plan.h"

namespace nyx::place {

// Guest-physical memory in ascending order: RAM, windows, devices, what the loader puts where; then e820.
std::string memory_map_text(const plan::MachinePlan& plan);
// Ports, memory addresses and lines with the device that has each, and how the host serves the devices.
std::string wiring_text(const plan::MachinePlan& plan, const plan::HostWiring& wiring,
                        const plan::RunPreferences& preferences);

}  // namespace nyx::place
