// The dispatch functions of a plan as an LLVM module. Private to compiler/codegen: it shows LLVM's types.
#pragma once

#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>

#include <memory>

#include "compiler/codegen/device_access.h"
#include "compiler/codegen/exit_code.h"

namespace nyx::codegen {

// devices: those that have code, by their index in the plan.
std::unique_ptr<llvm::Module> dispatch_module(llvm::LLVMContext& context, const plan::MachinePlan& plan,
                                              const std::vector<PlacedDevice>& devices, const HotAccesses& hot);

}  // namespace nyx::codegen
