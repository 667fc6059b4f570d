// One described device of a machine as functions of an LLVM module: one for each access that is exactly one register,
// whatever the guards say. Everything that the plan knows is a constant in them.
#pragma once

#include <llvm/IR/Module.h>

#include <memory>
#include <vector>

#include "compiler/codegen/device_function.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::codegen {

// A device of the plan with its program, which has the plan's settings.
struct PlacedDevice {
    const plan::DevicePlan* plan = nullptr;
    std::uint32_t index = 0;  // in the plan
    dev::ir::Program program;
};

// One access, by its address in the guest.
struct AccessCode {
    std::uint64_t address = 0;
    std::uint32_t width = 0;                    // bytes
    llvm::Function* function = nullptr;         // i64 or void (ptr host, ptr caller [, i64 value])
    std::vector<std::uint32_t> registers = {};  // of the program, one of which it is
};

// Elements of an array beyond which its accesses are the table's: each would be code of its own.
inline constexpr std::uint32_t kMaxCodedElements = 64;

class DeviceCode {
  public:
    // `device` outlives it. At most kMaxNativeLines lines.
    DeviceCode(llvm::Module& module, const PlacedDevice& device);

    std::vector<AccessCode> accesses(dev::ir::Space space, bool is_write) const;

  private:
    void declare_functions();

    const PlacedDevice& placed_;
    DeviceModule device_;
};

}  // namespace nyx::codegen
