// The dispatch functions of a plan as an LLVM module. Private to compiler/codegen: it shows LLVM's types.
#pragma once

#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>

#include <memory>

#include "runtime/plan/machine_plan.h"

namespace nyx::codegen {

std::unique_ptr<llvm::Module> dispatch_module(llvm::LLVMContext& context, const plan::MachinePlan& plan);

}  // namespace nyx::codegen
