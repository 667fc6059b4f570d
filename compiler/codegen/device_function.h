// One function of a device program as LLVM IR.
#pragma once

#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>

#include "devices/described/layout.h"
#include "devices/ir/program.h"

namespace nyx::codegen {

// What the functions of a device share.
struct DeviceModule {
    llvm::Module& module;
    const dev::ir::Program& program;
    dev::described::Layout layout;
    std::vector<llvm::Function*>
        functions;  // by index of Program::functions: i64 or void (ptr context, i64 arguments…)
};

// Fields of dev::ir::NativeContext and NativeHost, in order.
enum class ContextField : unsigned { kState, kDevice, kHost, kGate, kLevels, kFirstCounter, kWaits, kFollows };
enum class HostCall : unsigned {
    kEmit,
    kAnswer,
    kArm,
    kCancel,
    kIsRunning,
    kElapsed,
    kAsk,
    kWallTime,
    kDrive,
    kFinish
};

llvm::Value* context_field(llvm::IRBuilder<>& builder, llvm::Value* context, ContextField field);
void set_context_field(llvm::IRBuilder<>& builder, llvm::Value* context, ContextField field, llvm::Value* value);
// A load of what stays as it is for as long as the machine runs.
llvm::Value* load_constant(llvm::IRBuilder<>& builder, llvm::Type* type, llvm::Value* address);
// Calls through the host's table; a value, where `result` is one.
llvm::Value* call_host(llvm::IRBuilder<>& builder, llvm::Value* context, HostCall call, llvm::Type* result,
                       std::vector<llvm::Value*> arguments);

// The element `index` (i64, inside) of a field, as i64; and back, cut to its bits.
llvm::Value* load_element(const DeviceModule& device, llvm::IRBuilder<>& builder, llvm::Value* context,
                          std::uint32_t field, llvm::Value* index);
void store_element(const DeviceModule& device, llvm::IRBuilder<>& builder, llvm::Value* context, std::uint32_t field,
                   llvm::Value* index, llvm::Value* value);

// Fills in the body of device.functions[number].
void lower_function(const DeviceModule& device, std::uint32_t number);

}  // namespace nyx::codegen
