// How compiled device code reaches the state and the host.
#include "compiler/codegen/device_function.h"

namespace nyx::codegen {

llvm::Value* context_field(llvm::IRBuilder<>& builder, llvm::Value* context, ContextField field) {
    llvm::Type* type = field == ContextField::kLevels ? static_cast<llvm::Type*>(builder.getInt64Ty())
                                                      : static_cast<llvm::Type*>(builder.getPtrTy());
    auto* slot = builder.CreateConstInBoundsGEP1_64(builder.getInt64Ty(), context, static_cast<std::uint64_t>(field));
    return builder.CreateLoad(type, slot);
}

llvm::Value* call_host(llvm::IRBuilder<>& builder, llvm::Value* context, HostCall call, llvm::Type* result,
                       std::vector<llvm::Value*> arguments) {
    llvm::Value* host = context_field(builder, context, ContextField::kHost);
    auto* slot = builder.CreateConstInBoundsGEP1_64(builder.getPtrTy(), host, static_cast<std::uint64_t>(call));
    llvm::Value* callee = builder.CreateLoad(builder.getPtrTy(), slot);
    arguments.insert(arguments.begin(), context_field(builder, context, ContextField::kDevice));
    std::vector<llvm::Type*> types;
    for (llvm::Value* argument : arguments) types.push_back(argument->getType());
    return builder.CreateCall(llvm::FunctionType::get(result, types, false), callee, arguments);
}

static llvm::Value* element_address(const DeviceModule& device, llvm::IRBuilder<>& builder, llvm::Value* context,
                                    std::uint32_t field, llvm::Value* index) {
    const dev::described::FieldPlace& place = device.layout.fields[field];
    llvm::Value* state = context_field(builder, context, ContextField::kState);
    llvm::Value* offset =
        builder.CreateAdd(builder.CreateMul(index, builder.getInt64(place.size)), builder.getInt64(place.offset));
    return builder.CreateInBoundsGEP(builder.getInt8Ty(), state, offset);
}

llvm::Value* load_element(const DeviceModule& device, llvm::IRBuilder<>& builder, llvm::Value* context,
                          std::uint32_t field, llvm::Value* index) {
    llvm::Type* type = builder.getIntNTy(device.layout.fields[field].size * 8u);
    llvm::Value* address = element_address(device, builder, context, field, index);
    return builder.CreateZExt(builder.CreateLoad(type, address), builder.getInt64Ty());
}

void store_element(const DeviceModule& device, llvm::IRBuilder<>& builder, llvm::Value* context, std::uint32_t field,
                   llvm::Value* index, llvm::Value* value) {
    llvm::Type* type = builder.getIntNTy(device.layout.fields[field].size * 8u);
    const std::uint64_t mask = dev::ir::low_bits(device.program.state[field].type.bits);
    llvm::Value* cut = builder.CreateTrunc(builder.CreateAnd(value, mask), type);
    builder.CreateStore(cut, element_address(device, builder, context, field, index));
}

}  // namespace nyx::codegen
