// What devices need beyond what their author said: addresses of network cards, and the bus under functions of PCI.
#pragma once

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/model/machine.h"

namespace nyx::place {

void complete_devices(model::Machine& machine, diagnostics::Sink& sink);

}  // namespace nyx::place
