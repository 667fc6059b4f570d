// What devices want to know of their machine.
#pragma once

#include <span>

#include "devices/ir/program.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::place {

// The settings of plan.devices that are facts of the machine (devices/ir/facts.h), as the programs of their types ask
// for them. The memory is laid out already.
void tell_facts(plan::MachinePlan& plan, std::span<const dev::ir::Program> programs);

}  // namespace nyx::place
