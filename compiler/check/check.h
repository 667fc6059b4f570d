// Types what a script says about machines by the schemas of stdlib.
//
// Equal configurations give equal models, whatever form of source they come from. All machines are checked. A machine
// that others extend may lack required values: it is a template then, and does not come back.
#pragma once

#include <span>
#include <vector>

#include "compiler/check/requirement.h"
#include "compiler/check/schema.h"
#include "compiler/check/typed.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/model/machine.h"
#include "compiler/source/source_map.h"
#include "runtime/script/heap.h"
#include "runtime/script/machine_config.h"

namespace nyx::check {

// A machine with a mistake, for the checks that still make sense (place::check_partial).
struct PartialMachine {
    model::Machine machine;
    bool has_boot = false;
};

struct CheckedMachines {
    std::vector<model::Machine> machines;  // those without a mistake
    std::vector<TypedMachine> typed;       // the same, before anything was made of them; refer to the schemas
    std::vector<PartialMachine> mistaken;
};

// machines: with the boards of stdlib, in any order among them; those of stdlib are not returned. The values live until
// the call returns. heap: where new values go; the schemas' may be used.
CheckedMachines check_machines(const Schemas& schemas, std::span<const script::MachineConfig* const> machines,
                               const Evaluate& evaluate, const source::SourceMap& sources, script::Heap& heap,
                               diagnostics::Sink& sink);

}  // namespace nyx::check
