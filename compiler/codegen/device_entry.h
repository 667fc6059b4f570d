// The way into a device and out of it: as its owner, or with its lock (dev::ir::NativeGate).
#pragma once

#include "compiler/codegen/device_function.h"
#include "compiler/codegen/exit_host.h"

namespace nyx::codegen {

// For one function with the parameters (ptr host, ptr caller, …), whose code stands between enter() and leave().
class DeviceEntry {
  public:
    // context: the device's; device: its index in the plan.
    DeviceEntry(llvm::IRBuilder<>& builder, llvm::Function& function, llvm::Value* context, std::uint32_t device)
        : builder_(builder), function_(function), context_(context), device_(device) {}

    void enter();
    void leave();

  private:
    llvm::Value* vcpu();
    void say_inside(llvm::Value* gate);
    llvm::Value* owner();
    void call(ExitCall which);

    llvm::IRBuilder<>& builder_;
    llvm::Function& function_;
    llvm::Value* context_;
    std::uint32_t device_;
    llvm::PHINode* has_lock_ = nullptr;
};

}  // namespace nyx::codegen
