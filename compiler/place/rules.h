// Topology rules that look at the machine as a whole: what must be unique, what does not go together.
#pragma once

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/model/machine.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::place {

void check_cpus(const model::Machine& machine, diagnostics::Sink& sink);
// Devices of which a machine has one at most, and host resources that one device can use.
// A second device is taken away: that it wants what the first has is no mistake of its own.
void check_unique(model::Machine& machine, diagnostics::Sink& sink);
// console=ttyS<n> names a serial port that is there; the plan's devices have their ports.
void check_console(const model::Machine& machine, const plan::MachinePlan& plan, diagnostics::Sink& sink);

}  // namespace nyx::place
