// What a vCPU of a machine brings along: its counters, where it is inside, the server of its exits, its thread.
#pragma once

#include <thread>

#include "runtime/hv/hypervisor.h"
#include "runtime/machine/address_space.h"
#include "runtime/machine/exit_free_server.h"

namespace nyx::vm {

// Counts exits, and does what they ask for. On the vCPU's thread.
class ExitToDevices final : public hv::ExitServer {
  public:
    ExitToDevices(const AddressSpace& space, VcpuCounters& counters, AddressSpace::Accessor& accessor,
                  ExitFreeServer& exit_free)
        : space_(space), counters_(counters), accessor_(accessor), exit_free_(exit_free) {}
    bool serve(hv::Exit& exit) override;

  private:
    const AddressSpace& space_;
    VcpuCounters& counters_;
    AddressSpace::Accessor& accessor_;
    ExitFreeServer& exit_free_;
};

struct Worker {
    Worker(const AddressSpace& space, std::size_t registers, ExitFreeServer& exit_free)
        : counters(registers), accessor{counters, &native}, server(space, counters, accessor, exit_free) {}
    VcpuCounters counters;
    dev::ir::NativeVcpu native;  // may own devices, which do not outlive it
    AddressSpace::Accessor accessor;
    ExitToDevices server;
    std::thread thread;  // none in a machine that runs in turns
};

}  // namespace nyx::vm
