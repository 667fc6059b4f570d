// Ports, addresses and lines for every device.
//
// Policy: what the author or a schema fixed is taken first, in order of the source. Then each device that has
// candidates takes the first one that no device of its own type has; when another type sits there, that is a conflict
// and not a reason to move on, so that a PC's usual devices never wander off silently. Requests without candidates get
// the lowest free range of their space.
#pragma once

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/model/machine.h"
#include "compiler/place/place.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::place {

// Fills plan.devices (by name) and plan.sci_gsi. plan.ram and plan.windows are there already. What was given, and why,
// in order of the source.
std::vector<Placement> assign_resources(const model::Machine& machine, plan::MachinePlan& plan,
                                        diagnostics::Sink& sink);

}  // namespace nyx::place
