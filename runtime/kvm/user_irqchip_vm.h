// A VM of KVM whose interrupt controllers and timer are in this process.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "devices/irqchip/irq_chip.h"
#include "runtime/kvm/vm.h"

namespace nyx::kvm {

class UserIrqchipVcpu;

// From what KVM supports: less what only the kernel's local APIC has. x2apic: that mode stays.
Status hide_kernel_apic(std::vector<CpuidEntry>& entries, bool x2apic);

class UserIrqchipVm final : public hv::Vm {
  public:
    static Result<std::unique_ptr<hv::Vm>> create(const System& system, const hv::VmShape& shape,
                                                  const hv::VmServices& services,
                                                  const dev::irqchip::MakeIrqChip& make_chip);
    UserIrqchipVm(std::unique_ptr<kvm::Vm> vm, const dev::irqchip::IrqChip::Config& config,
                  const hv::VmServices& services, const dev::irqchip::MakeIrqChip& make_chip);

    Status map_memory(Range range, std::uint8_t* host, bool read_only) override;
    Result<std::unique_ptr<hv::Vcpu>> create_vcpu(std::uint32_t index, std::span<const CpuidEntry> cpuid) override;
    Status set_irq(std::uint32_t gsi, bool asserted) override;
    Status connect_timer(bool connected) override;
    Status send_message(std::uint64_t address, std::uint32_t data) override;

    hv::ExitFree* exit_free() override { return vm_->exit_free(); }

    dev::irqchip::IrqChip& irq_chip() { return *chip_; }
    Result<std::vector<dev::StateUnit>> save_chips() const override { return chip_->save(); }
    Status restore_chips(std::span<const dev::StateUnit> units) override { return chip_->restore(units); }
    void forget(std::uint32_t index);

  private:
    dev::irqchip::IrqChip::Links links();
    void kick(std::uint32_t index);

    std::unique_ptr<kvm::Vm> vm_;
    hv::VmServices services_;
    std::mutex chip_lock_;
    std::unique_ptr<dev::Timers> timers_;
    std::mutex vcpus_lock_;
    std::vector<UserIrqchipVcpu*> vcpus_;  // by index; null: not made yet, or gone
    std::unique_ptr<dev::irqchip::IrqChip> chip_;
};

}  // namespace nyx::kvm
