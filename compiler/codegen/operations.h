// The operations of a device's function that follow one after the other; device_function.cc has those that branch.
#pragma once

#include <vector>

#include "compiler/codegen/device_function.h"

namespace nyx::codegen {

// Where they are added. Temporaries are stack slots, which the optimiser turns into values.
struct Operations {
    const DeviceModule& device;
    llvm::IRBuilder<>& builder;
    llvm::Value* context;
    std::vector<llvm::AllocaInst*> temporaries = {};

    llvm::Value* number(std::uint64_t value) const { return builder.getInt64(value); }
    llvm::Value* widened(llvm::Value* value) const { return builder.CreateZExt(value, builder.getInt64Ty()); }
    llvm::Value* get(std::uint16_t temporary) const {
        return builder.CreateLoad(builder.getInt64Ty(), temporaries[temporary]);
    }
    void set(const dev::ir::Instruction& one, llvm::Value* value) const {
        builder.CreateStore(builder.CreateAnd(value, dev::ir::low_bits(one.bits)), temporaries[one.dst]);
    }
};

// Each of them: of its kinds, as dev::ir::Op says.
llvm::Value* computed(const Operations& at, const dev::ir::Instruction& one);
void add_field_operation(const Operations& at, const dev::ir::Instruction& one);
void add_host_operation(const Operations& at, const dev::ir::Instruction& one);

}  // namespace nyx::codegen
