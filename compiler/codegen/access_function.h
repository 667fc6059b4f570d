// The function of one access: enters the device, asks the guards, does what the register does, lets the lines follow.
#pragma once

#include "compiler/codegen/device_access.h"
#include "compiler/codegen/register_code.h"

namespace nyx::codegen {

struct AccessPlace {
    std::uint32_t bank = 0;
    std::uint64_t offset = 0;  // in the bank
    bool is_write = false;
};

// found: the registers that it may be, by their guards; all of one width.
llvm::Function* access_function(const DeviceModule& device, const PlacedDevice& placed, const AccessPlace& place,
                                const std::vector<Meeting>& found);

}  // namespace nyx::codegen
