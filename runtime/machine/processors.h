// The KVM side of one power-on: a VM with the machine's memory, its interrupt controllers and its vCPUs in reset state.
//
// A reset makes a new one, which is the one way to be sure that nothing is left of the old. Thread-safety is that of
// kvm::Vm and kvm::Vcpu.
#pragma once

#include <memory>
#include <vector>

#include "devices/kit/guest_memory.h"
#include "runtime/kvm/guest_ram.h"
#include "runtime/kvm/vm.h"
#include "runtime/machine/blueprint.h"

namespace nyx::vm {

// RAM and ROM of a machine, and how the guest addresses them. Outlives every Processors made with it.
struct Memory {
    kvm::GuestRam ram;
    dev::GuestMemory guest;  // views of ram
    struct RomPages {
        Range range;
        kvm::GuestRam pages;
    };
    std::vector<RomPages> roms;

    static Result<Memory> create(const Blueprint& blueprint, bool huge_pages);
};

struct Processors {
    kvm::Vm vm;
    std::vector<kvm::Vcpu> vcpus;
    std::vector<kvm::Stats> stats;  // by vCPU; empty where the kernel has none

    static Result<std::unique_ptr<Processors>> create(const kvm::System& system, const plan::MachinePlan& plan,
                                                      const Memory& memory);
};

}  // namespace nyx::vm
