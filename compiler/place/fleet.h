// Rules for the machines of one file together (NY043x): what they share of a host, and whether it has enough.
//
// A file with several machines is a fleet. Machines of one declared host must not write the same file of it, nor
// forward the same port; where no host is declared that is a warning, for they may run on different ones. A pure
// function.
#pragma once

#include <span>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/model/machine.h"

namespace nyx::place {

// Machines by their hosts, in the order of the source; what a host says about machines that is wrong goes to the sink.
struct HostGroup {
    const model::Host* host = nullptr;  // null: of no declared host
    std::vector<const model::Machine*> machines;
};
std::vector<HostGroup> group_by_host(std::span<const model::Machine* const> machines,
                                     std::span<const model::Host> hosts, diagnostics::Sink& sink);

void check_fleet(std::span<const model::Machine* const> machines, std::span<const model::Host> hosts,
                 diagnostics::Sink& sink);

}  // namespace nyx::place
