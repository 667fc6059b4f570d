// Native code for the exits of one plan: which device, region and offset an access means, as constants in a function;
// and for what a described device does then.
//
// Pure: equal plans and programs give equal bytes. The generated functions and what they call are in
// runtime/plan/exit_abi.h; the table dispatcher of runtime/machine is the reference that they must agree with
// (tests/equivalence).
#pragma once

#include <string>

#include "devices/ir/program.h"
#include "runtime/base/bytes.h"
#include "runtime/base/result.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::codegen {

// A relocatable ELF64 object for the x86-64 baseline, without undefined symbols.
Result<Bytes> exit_object(const plan::MachinePlan& plan);
// The same code as optimised LLVM IR, and as assembly.
Result<std::string> exit_ir(const plan::MachinePlan& plan);
Result<std::string> exit_assembly(const plan::MachinePlan& plan);

// A described device as such an object (devices/ir/native_abi.h). The program has been verified. kUnsupported: it has
// more than dev::ir::kMaxNativeLines lines.
Result<Bytes> device_object(const dev::ir::Program& program);

}  // namespace nyx::codegen
