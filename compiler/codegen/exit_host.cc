#include "compiler/codegen/exit_host.h"

#include "compiler/codegen/device_function.h"

namespace nyx::codegen {

namespace {

llvm::Value* constant_pointer(llvm::IRBuilder<>& builder, llvm::Value* table, std::uint64_t index) {
    auto* slot = builder.CreateConstInBoundsGEP1_64(builder.getPtrTy(), table, index);
    return load_constant(builder, builder.getPtrTy(), slot);
}

}  // namespace

llvm::CallInst* call_exit_host(llvm::IRBuilder<>& builder, llvm::Value* host, ExitCall call, llvm::Type* result,
                               const std::vector<llvm::Value*>& arguments) {
    std::vector<llvm::Type*> types;
    for (llvm::Value* argument : arguments) types.push_back(argument->getType());
    llvm::Value* callee = constant_pointer(builder, host, static_cast<unsigned>(call));
    return builder.CreateCall(llvm::FunctionType::get(result, types, false), callee, arguments);
}

llvm::Value* device_context(llvm::IRBuilder<>& builder, llvm::Value* host, std::uint32_t device) {
    return constant_pointer(builder, constant_pointer(builder, host, static_cast<unsigned>(ExitCall::kDevices)),
                            device);
}

llvm::Value* caller_field(llvm::IRBuilder<>& builder, llvm::Value* caller, CallerField field) {
    return constant_pointer(builder, caller, static_cast<unsigned>(field));
}

}  // namespace nyx::codegen
