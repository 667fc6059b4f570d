// How compiled device code reaches the state and the host.
#include "compiler/codegen/device_function.h"

namespace nyx::codegen {

namespace {

bool is_pointer(ContextField field) {
    return field <= ContextField::kGate;
}

bool is_constant(ContextField field) {
    return is_pointer(field) || field == ContextField::kFirstCounter;
}

llvm::Value* field_address(llvm::IRBuilder<>& builder, llvm::Value* context, ContextField field) {
    return builder.CreateConstInBoundsGEP1_64(builder.getInt64Ty(), context, static_cast<std::uint64_t>(field));
}

}  // namespace

llvm::Value* load_constant(llvm::IRBuilder<>& builder, llvm::Type* type, llvm::Value* address) {
    llvm::LoadInst* load = builder.CreateLoad(type, address);
    load->setMetadata(llvm::LLVMContext::MD_invariant_load, llvm::MDNode::get(builder.getContext(), {}));
    return load;
}

llvm::Value* context_field(llvm::IRBuilder<>& builder, llvm::Value* context, ContextField field) {
    llvm::Type* type = is_pointer(field) ? static_cast<llvm::Type*>(builder.getPtrTy())
                                         : static_cast<llvm::Type*>(builder.getInt64Ty());
    llvm::Value* address = field_address(builder, context, field);
    return is_constant(field) ? load_constant(builder, type, address) : builder.CreateLoad(type, address);
}

void set_context_field(llvm::IRBuilder<>& builder, llvm::Value* context, ContextField field, llvm::Value* value) {
    builder.CreateStore(value, field_address(builder, context, field));
}

llvm::Value* call_host(llvm::IRBuilder<>& builder, llvm::Value* context, HostCall call, llvm::Type* result,
                       std::vector<llvm::Value*> arguments) {
    llvm::Value* host = context_field(builder, context, ContextField::kHost);
    auto* slot = builder.CreateConstInBoundsGEP1_64(builder.getPtrTy(), host, static_cast<std::uint64_t>(call));
    llvm::Value* callee = load_constant(builder, builder.getPtrTy(), slot);
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
