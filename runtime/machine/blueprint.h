// Everything a Machine is made from: the plan, and what the layers above supply as functions and bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "devices/kit/device_type.h"
#include "devices/kit/guest_memory.h"
#include "runtime/base/guid.h"
#include "runtime/base/result.h"
#include "runtime/hv/registers.h"
#include "runtime/machine/turns.h"
#include "runtime/plan/exit_abi.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::vm {

// Read-only memory outside RAM; address and size in whole pages.
struct Rom {
    std::uint64_t address = 0;
    ByteView bytes;
};

// All that it refers to outlives the machine.
struct Blueprint {
    const plan::MachinePlan* plan = nullptr;
    // devices/catalog.h's create().
    std::function<Result<std::unique_ptr<dev::Device>>(const plan::DevicePlan&, const dev::Environment&)> create_device;
    // Where a device's output goes, by the device's name.
    std::function<dev::ByteSink&(const std::string&)> output;
    // The host's sides of a device that is no byte stream, by the device's name; may be empty. They outlive the
    // machine.
    struct HostSides {
        dev::BlockStore* block = nullptr;
        dev::NetworkLink* network = nullptr;
        std::optional<Guid> generation = {};  // of a vm_generation_id; nothing: one that no machine ever had
        ByteView files = {};                  // of a fw_cfg (runtime/plan/fw_cfg_files.h); empty: none
    };
    std::function<HostSides(const std::string&)> host_sides;
    // A device can take input again. Called with its lock held. May be empty.
    std::function<void(const std::string&)> input_room;
    // Fills memory, which is zero, and gives the boot vCPU's registers. Called at each power-on and reset. Nothing: the
    // processor's own reset state.
    std::function<Result<hv::CpuState>(dev::GuestMemory&)> load;
    std::vector<Rom> roms;
    // Code that was compiled from this plan and its programs; null: none, and the table does everything.
    const plan::ExitFunctions* native = nullptr;
};

// The host's choices; no guest can see them, but for time and entropy when it runs in turns.
struct Options {
    enum class OnReset { kRestart, kStop };
    OnReset on_reset = OnReset::kRestart;
    bool restart_after_triple_fault = false;
    bool huge_pages = false;
    bool exit_free = true;             // what devices and hypervisor can do without exits (exit_free_server.h)
    bool irqfd = false;                // interrupts by level that KVM lowers (level_inputs.h)
    std::optional<TurnOptions> turns;  // deterministically, by a hypervisor that counts instructions
};

}  // namespace nyx::vm
