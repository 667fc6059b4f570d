// A VM of software CPUs: guest memory, the interrupt controllers and timer of this process, one thread a vCPU.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "devices/irqchip/irq_chip.h"
#include "runtime/hv/hypervisor.h"
#include "runtime/soft/physical_memory.h"
#include "runtime/soft/regions.h"
#include "runtime/soft/vm/hypervisor.h"

namespace nyx::soft {

class Vcpu;

class Vm final : public hv::Vm {
  public:
    Vm(const hv::VmShape& shape, const hv::VmServices& services, const Tier& tier,
       const dev::irqchip::MakeIrqChip& make_irq_chip);

    Status map_memory(Range range, std::uint8_t* host, bool read_only) override;
    Result<std::unique_ptr<hv::Vcpu>> create_vcpu(std::uint32_t index, std::span<const hv::CpuidEntry> cpuid) override;
    void wrote(Range range) override { memory_.wrote(range); }
    Status set_irq(std::uint32_t gsi, bool asserted) override;
    Status connect_timer(bool connected) override;
    Status send_message(std::uint64_t address, std::uint32_t data) override;
    Result<std::vector<dev::StateUnit>> save_chips() const override { return chip_->save(); }
    Status restore_chips(std::span<const dev::StateUnit> units) override { return chip_->restore(units); }

    PhysicalMemory& memory() { return memory_; }
    // Hot code of a new CPU is compiled from now on, if it is in this VM.
    void set_up_tier(Cpu& cpu) const;
    dev::irqchip::IrqChip& irq_chip() { return *chip_; }
    // The time-stamp counter counts nanoseconds of the machine's clock, so its frequency is 1 GHz everywhere.
    std::uint64_t tsc() const { return services_.clock.monotonic_ns(); }
    std::uint64_t random() const;
    void forget(std::uint32_t index);

  private:
    static dev::irqchip::IrqChip::Config config_of(const hv::VmShape& shape);
    dev::irqchip::IrqChip::Links links();
    void kick(std::uint32_t index);

    hv::VmServices services_;
    std::shared_ptr<RegionSource> regions_;  // null: nothing is compiled
    std::uint32_t heat_ = 0;
    PhysicalMemory memory_;
    std::mutex chip_lock_;
    std::unique_ptr<dev::Timers> timers_;
    std::mutex vcpus_lock_;
    std::vector<Vcpu*> vcpus_;  // by index; null: not made yet, or gone
    std::unique_ptr<dev::irqchip::IrqChip> chip_;
};

}  // namespace nyx::soft
