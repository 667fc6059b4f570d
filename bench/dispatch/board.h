// The devices that are accessed, and what is done to them: as a guest's boot was recorded, or several times over.
#pragma once

#include <vector>

#include "runtime/plan/bundle.h"
#include "tests/equivalence/trace.h"

namespace nyx::bench {

struct Board {
    plan::MachinePlan plan;
    const std::vector<dev::ir::Program>* programs = nullptr;
    std::vector<std::vector<trace::Access>> accesses;  // of each set of devices
};

// A machine that has the devices of the bundle's so many times, each time at ports, memory and lines of their own, with
// the accesses moved alike. 8 times at most, as ports go. The bundle outlives it.
Board repeated(const plan::Bundle& bundle, const std::vector<trace::Access>& accesses, unsigned times);

}  // namespace nyx::bench
