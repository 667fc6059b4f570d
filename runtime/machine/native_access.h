// Accesses by the compiled code of the machine's bundle, where the table is what remains.
//
// Made once, then immutable: any number of vCPUs may access at once, and none takes the lock of a device that it has
// for itself (device_gate.h). What the code does not do itself comes back to the table, which stays complete.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "runtime/machine/address_space.h"
#include "runtime/plan/exit_abi.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::vm {

class NativeAccess {
  public:
    // The functions were made from this plan, whose devices the slots are; all outlive it. kUnsupported: a device
    // cannot do what the code relies on, and nothing has changed.
    static Result<std::unique_ptr<NativeAccess>> create(const plan::ExitFunctions& functions,
                                                        const plan::MachinePlan& plan, std::deque<DeviceSlot>& slots,
                                                        const AddressSpace& table);

    // Of a vCPU. width is 1, 2, 4 or 8.
    std::uint64_t read(Space space, std::uint64_t address, std::uint32_t width,
                       AddressSpace::Accessor& accessor) const {
        Call call{{accessor.vcpu, accessor.counters.raw_registers()}, *this, accessor};
        const plan::ExitRead code = space == Space::kPio ? functions_.pio_read : functions_.mmio_read;
        return code(&host_, &call, address, width);
    }
    void write(Space space, std::uint64_t address, std::uint32_t width, std::uint64_t value,
               AddressSpace::Accessor& accessor) const {
        Call call{{accessor.vcpu, accessor.counters.raw_registers()}, *this, accessor};
        const plan::ExitWrite code = space == Space::kPio ? functions_.pio_write : functions_.mmio_write;
        code(&host_, &call, address, width, value);
    }

  private:
    NativeAccess(const plan::ExitFunctions& functions, std::deque<DeviceSlot>& slots, const AddressSpace& table);
    Status attach(const plan::MachinePlan& plan);

    plan::ExitFunctions functions_;
    std::vector<DeviceSlot*> slots_;
    const AddressSpace& table_;
    std::vector<dev::ir::NativeContext*> contexts_;
    plan::ExitHost host_;

    struct Call : plan::ExitCaller {  // what the host's functions get
        const NativeAccess& native;
        AddressSpace::Accessor& accessor;

        DeviceSlot& slot(std::uint32_t device) const { return *native.slots_[device]; }
    };
    friend struct NativeCalls;
};

}  // namespace nyx::vm
