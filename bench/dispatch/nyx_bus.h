// Nyx's ways from an address to a device.
#pragma once

#include <memory>

#include "bench/dispatch/surroundings.h"
#include "compiler/codegen/exit_code.h"
#include "runtime/jit/exit_code.h"
#include "runtime/machine/device_set.h"

namespace nyx::bench {

// Nyx: compiled code, or the table with the interpreter of descriptions, or the table with classes.
class NyxBus {
  public:
    enum class Devices { kDescribed, kClasses };
    // vcpus: of the machine. code: made from the board; null: the table. Both outlive it.
    NyxBus(const Board& board, Devices devices, std::uint32_t vcpus, const jit::ExitCode* code = nullptr);

    // Of one thread.
    struct Caller {
        explicit Caller(const NyxBus& bus) : counters(bus.devices_->counters()), accessor{counters, &vcpu} {}
        vm::VcpuCounters counters;
        dev::ir::NativeVcpu vcpu;
        vm::AddressSpace::Accessor accessor;
    };
    void read(Caller& caller, Space space, std::uint64_t address, std::span<std::uint8_t> data) {
        devices_->space().read(space, address, data, caller.accessor);
    }
    void write(Caller& caller, Space space, std::uint64_t address, std::span<const std::uint8_t> data) {
        devices_->space().write(space, address, data, caller.accessor);
    }

    // The registers that the caller has accessed most, as `nyxc build --profile` takes them from a run.
    codegen::HotAccesses hottest(const Caller& caller) const;

  private:
    Surroundings around_;
    plan::MachinePlan plan_;
    std::unique_ptr<vm::DeviceSet> devices_;
};

// As a bundle has it. hot: what a profile has its dispatch ask for first.
std::unique_ptr<jit::ExitCode> compiled(const Board& board, const codegen::HotAccesses& hot = {});

}  // namespace nyx::bench
