// What the generated functions reach through plan::ExitHost and plan::ExitCaller.
#pragma once

#include <llvm/IR/IRBuilder.h>

#include <vector>

namespace nyx::codegen {

// The entries of plan::ExitHost, in order.
enum class ExitCall : unsigned { kRead, kWrite, kReadOther, kWriteOther, kLock, kUnlock, kPrepare, kDevices };
// Calls one of them; its first argument is the caller.
llvm::CallInst* call_exit_host(llvm::IRBuilder<>& builder, llvm::Value* host, ExitCall call, llvm::Type* result,
                               const std::vector<llvm::Value*>& arguments);
// The dev::ir::NativeContext of the device with this index in the plan.
llvm::Value* device_context(llvm::IRBuilder<>& builder, llvm::Value* host, std::uint32_t device);

// The members of plan::ExitCaller, in order, all of them pointers.
enum class CallerField : unsigned { kVcpu, kCounters };
llvm::Value* caller_field(llvm::IRBuilder<>& builder, llvm::Value* caller, CallerField field);

}  // namespace nyx::codegen
