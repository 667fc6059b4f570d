// What ties device programs to the plan that names them.
#pragma once

#include "devices/ir/program.h"
#include "runtime/base/result.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::plan {

// SHA-256 of the program's canonical JSON, as MachinePlan::programs has it.
Digest program_digest(const dev::ir::Program& program);

// Writes the digests into plan.programs: what the compiler does once the devices are placed. By name, one for each type
// that a device of the plan has.
void name_programs(MachinePlan& plan, std::span<const dev::ir::Program> programs);

// The device has the regions and lines that the program wants: regions in the order of the banks, ports before memory.
// kCorrupt otherwise.
Status check_device(const DevicePlan& device, const dev::ir::Program& program);

// The programs are exactly those that the plan names, and each device of such a type passes check_device().
// kCorrupt otherwise.
Status check_programs(const MachinePlan& plan, std::span<const dev::ir::Program> programs);

// The program with the device's settings for its own. kInvalidArgument: it has no such setting, or not this value.
Result<dev::ir::Program> configured(const DevicePlan& device, const dev::ir::Program& program);

}  // namespace nyx::plan
