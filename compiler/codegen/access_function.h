// The function of one access: enters the device, asks the guards, does what the register does, lets the lines follow.
#pragma once

#include "compiler/codegen/device_access.h"

namespace nyx::codegen {

// A register of an array, as an access meets it.
struct Meeting {
    const dev::ir::Register* reg = nullptr;
    std::uint32_t number = 0;  // in the program
    std::uint32_t element = 0;
};

struct AccessPlace {
    std::uint32_t bank = 0;
    std::uint64_t offset = 0;  // in the bank
    bool is_write = false;
};

// found: the registers that it may be, by their guards; all of one width.
llvm::Function* access_function(const DeviceModule& device, const PlacedDevice& placed, const AccessPlace& place,
                                const std::vector<Meeting>& found);

// Calls through plan::ExitHost, whose entries these are in order.
enum class ExitCall : unsigned { kRead, kWrite, kReadOther, kWriteOther, kLock, kUnlock, kPrepare, kDevices };
llvm::CallInst* call_exit_host(llvm::IRBuilder<>& builder, llvm::Value* host, ExitCall call, llvm::Type* result,
                               const std::vector<llvm::Value*>& arguments);

}  // namespace nyx::codegen
