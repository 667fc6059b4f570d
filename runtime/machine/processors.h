// The hypervisor's side of one power-on: a VM with the machine's memory, its interrupt controllers and its vCPUs in
// reset state.
//
// A reset makes a new one, which is the one way to be sure that nothing is left of the old. Thread-safety is that of
// hv::Vm and hv::Vcpu.
#pragma once

#include <memory>
#include <vector>

#include "devices/kit/guest_memory.h"
#include "runtime/hv/guest_ram.h"
#include "runtime/hv/hypervisor.h"
#include "runtime/machine/blueprint.h"

namespace nyx::vm {

// RAM and ROM of a machine, and how the guest addresses them. Outlives every Processors made with it.
struct Memory {
    hv::GuestRam ram;
    dev::GuestMemory guest;  // views of ram
    struct RomPages {
        Range range;
        hv::GuestRam pages;
    };
    std::vector<RomPages> roms;

    static Result<Memory> create(const Blueprint& blueprint, bool huge_pages);
};

struct Processors {
    std::unique_ptr<hv::Vm> vm;
    std::vector<std::unique_ptr<hv::Vcpu>> vcpus;

    static Result<std::unique_ptr<Processors>> create(const hv::Hypervisor& hypervisor, const hv::VmServices& services,
                                                      const plan::MachinePlan& plan, const Memory& memory);
};

}  // namespace nyx::vm
