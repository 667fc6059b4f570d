// What one register does with one access, between entering and leaving its device.
#pragma once

#include <vector>

#include "compiler/codegen/device_function.h"

namespace nyx::codegen {

// A register of an array, as an access meets it.
struct Meeting {
    const dev::ir::Register* reg = nullptr;
    std::uint32_t number = 0;  // in the program
    std::uint32_t element = 0;
};

// Calls a function of the device: i64, where it gives something. arguments: without the context.
llvm::Value* call_function(const DeviceModule& device, llvm::IRBuilder<>& builder, llvm::Value* context,
                           std::uint32_t function, std::vector<llvm::Value*> arguments = {});

// Adds its code where the builder is.
class RegisterCode {
  public:
    RegisterCode(const DeviceModule& device, llvm::IRBuilder<>& builder, llvm::Value* context, const Meeting& met)
        : device_(device), builder_(builder), context_(context), met_(met), reg_(*met.reg) {}

    // Its value, of its width.
    llvm::Value* read();
    // value: i64, of which the register's width counts. It is in its phase.
    void write(llvm::Value* value);

  private:
    llvm::Value* stored();
    void store(llvm::Value* value);
    llvm::Value* read_handler();
    llvm::Value* read_storage();
    llvm::Value* written(llvm::Value* before, llvm::Value* value);
    void add_part(std::vector<llvm::Value*>& arguments);
    llvm::Value* call(std::uint32_t function, std::vector<llvm::Value*> arguments);

    const DeviceModule& device_;
    llvm::IRBuilder<>& builder_;
    llvm::Value* context_;
    const Meeting& met_;
    const dev::ir::Register& reg_;
};

}  // namespace nyx::codegen
