// Native code for the exits of one plan: what each register of its described devices does, and which device, region and
// offset any other access means, as constants in functions.
//
// Pure: equal plans, programs and profiles give equal bytes. The generated functions and what they call are in
// runtime/plan/exit_abi.h; the table dispatcher of runtime/machine and devices/described are the reference that they
// must agree with (tests/equivalence).
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "devices/ir/program.h"
#include "runtime/base/bytes.h"
#include "runtime/base/result.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::codegen {

// One register of a device, by their names, in one direction.
struct HotAccess {
    std::string device, reg;
    bool is_write = false;
};
// Those that a profile found to be frequent, most frequent first: asked for before all others.
using HotAccesses = std::vector<HotAccess>;

struct ExitCodeInput {
    const plan::MachinePlan& plan;
    std::span<const dev::ir::Program> programs;  // verified, and those that the plan names
    HotAccesses hot = {};
};

// Relocatable ELF64 objects without undefined symbols, by level (plan::kCodeLevels). A level whose code is that of the
// level below is left out.
Result<std::map<std::string, Bytes>> exit_objects(const ExitCodeInput& input);
// Of one level alone.
Result<Bytes> exit_object(const ExitCodeInput& input, const std::string& level);
// The code for the least level as optimised LLVM IR, and as assembly.
Result<std::string> exit_ir(const ExitCodeInput& input);
Result<std::string> exit_assembly(const ExitCodeInput& input);

}  // namespace nyx::codegen
