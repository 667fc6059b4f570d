#include "compiler/codegen/register_code.h"

namespace nyx::codegen {

using dev::ir::kNone;
using dev::ir::low_bits;

llvm::Value* call_function(const DeviceModule& device, llvm::IRBuilder<>& builder, llvm::Value* context,
                           std::uint32_t function, std::vector<llvm::Value*> arguments) {
    arguments.insert(arguments.begin(), context);
    return builder.CreateCall(device.functions[function], arguments);
}

llvm::Value* RegisterCode::read() {
    llvm::Value* value = reg_.on_read != kNone ? read_handler() : read_storage();
    if (reg_.read_clears != 0) store(builder_.CreateAnd(stored(), ~reg_.read_clears));
    return builder_.CreateAnd(value, low_bits(reg_.width * 8u));
}

llvm::Value* RegisterCode::read_handler() {
    std::vector<llvm::Value*> arguments = {builder_.getInt64(met_.element)};
    add_part(arguments);
    return call(reg_.on_read, arguments);
}

llvm::Value* RegisterCode::read_storage() {
    llvm::Value* value = builder_.CreateOr(builder_.CreateAnd(stored(), ~reg_.fixed_mask), reg_.fixed);
    if (reg_.computed == kNone) return value;
    llvm::Value* computed = call(reg_.computed, {builder_.getInt64(met_.element)});
    return builder_.CreateOr(builder_.CreateAnd(value, ~reg_.computed_mask),
                             builder_.CreateAnd(computed, reg_.computed_mask));
}

void RegisterCode::write(llvm::Value* value) {
    value = builder_.CreateAnd(value, low_bits(reg_.width * 8u));
    llvm::Value* before = stored();
    if (reg_.storage != kNone) store(written(before, value));
    if (reg_.on_write == kNone) return;
    std::vector<llvm::Value*> arguments = {value, before, builder_.getInt64(met_.element)};
    add_part(arguments);
    call(reg_.on_write, arguments);
}

llvm::Value* RegisterCode::written(llvm::Value* before, llvm::Value* value) {
    const dev::ir::WriteMasks& masks = reg_.write;
    llvm::Value* after =
        builder_.CreateOr(builder_.CreateAnd(before, ~masks.plain), builder_.CreateAnd(value, masks.plain));
    after = builder_.CreateAnd(after, builder_.CreateNot(builder_.CreateAnd(value, masks.one_clears)));
    after = builder_.CreateOr(after, builder_.CreateAnd(value, masks.one_sets));
    return builder_.CreateAnd(after, builder_.CreateOr(value, ~masks.zero_clears));
}

// All of it: accesses of other widths are the table's.
void RegisterCode::add_part(std::vector<llvm::Value*>& arguments) {
    if (!reg_.by_parts) return;
    arguments.push_back(builder_.getInt64(0));
    arguments.push_back(builder_.getInt64(reg_.width));
}

llvm::Value* RegisterCode::stored() {
    if (reg_.storage == kNone) return builder_.getInt64(0);
    return load_element(device_, builder_, context_, reg_.storage, builder_.getInt64(met_.element));
}

void RegisterCode::store(llvm::Value* value) {
    store_element(device_, builder_, context_, reg_.storage, builder_.getInt64(met_.element), value);
}

llvm::Value* RegisterCode::call(std::uint32_t function, std::vector<llvm::Value*> arguments) {
    return call_function(device_, builder_, context_, function, std::move(arguments));
}

}  // namespace nyx::codegen
