// The files that a machine's fw_cfg hands to the guest.
#pragma once

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/model/machine.h"
#include "compiler/place/place.h"

namespace nyx::place {

// Enters them as one image (runtime/plan/fw_cfg_files.h), where there are any. Reports names that are none or stand
// twice, files that cannot be read, and too much of it.
void place_files(const model::Machine& machine, PlacedMachine& placed, diagnostics::Sink& sink);

}  // namespace nyx::place
