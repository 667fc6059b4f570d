// Rules for the machines of one file together (NY043x): what they share of a host, and whether it has enough.
//
// A file with several machines is a fleet. Machines of one declared host must not write the same file of it; where no
// host is declared that is a warning, for they may run on different ones. A pure function.
#pragma once

#include <span>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/model/machine.h"

namespace nyx::place {

void check_fleet(std::span<const model::Machine* const> machines, std::span<const model::Host> hosts,
                 diagnostics::Sink& sink);

}  // namespace nyx::place
