// What is booted and where its parts go: the protocol, the image's own ranges, the structures of the loader, the
// initrd.
#pragma once

#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/model/machine.h"
#include "compiler/place/place.h"

namespace nyx::place {

// Fills plan.boot, plan.images (by id) and placed.images, and the firmware window. plan.ram is there already.
void place_boot(const model::Machine& machine, PlacedMachine& placed, diagnostics::Sink& sink,
                const DigestOf& digest_of);

}  // namespace nyx::place
