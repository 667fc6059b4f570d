// Small guests in machine code, run by a real Machine on real KVM.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "devices/catalog.h"
#include "devices/kit/fakes.h"
#include "runtime/kvm/system.h"
#include "runtime/machine/machine.h"

namespace nyx::vm {

// Prints why and gives null where the host has no KVM: the test case then returns.
const kvm::System* host_kvm();

// A machine of one 1 MiB RAM region at 0 and another from 1 MiB, with the devices of the catalog that are asked for.
class Guest {
  public:
    // code is put at 0x1000, where the boot vCPU starts in real mode with a stack below it.
    explicit Guest(Bytes code, std::uint32_t cpus = 1);

    plan::MachinePlan plan;
    Options options;
    dev::VectorSink output;                    // of every device
    std::vector<dev::ir::Program> programs;    // of device types that are described
    std::map<std::uint64_t, Bytes> more_code;  // by address
    std::function<void(hv::CpuState&)> adjust;

    Result<std::unique_ptr<Machine>> make();
    // Makes and runs it, with a limit that only a broken machine reaches.
    Outcome run();
    Machine& machine() { return *machine_; }
    EventLoop& loop() { return *loop_; }
    unsigned loads = 0;

  private:
    Bytes code_;
    std::unique_ptr<EventLoop> loop_;
    std::unique_ptr<Machine> machine_;
};

Bytes operator+(Bytes a, const Bytes& b);

}  // namespace nyx::vm
