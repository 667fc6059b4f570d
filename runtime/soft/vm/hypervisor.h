// The software CPU as a hypervisor: the same machine, without KVM.
#pragma once

#include "devices/irqchip/irq_chip.h"
#include "runtime/hv/hypervisor.h"

namespace nyx::soft {

// Whether hot guest code is compiled (runtime/soft/jit).
struct Tier {
    bool compiles = false;
    // How many samples of what runs, one in some 10000 instructions, are of a block before it is compiled.
    // 0: the first one is enough, and the vCPU waits until it is, so that what is compiled does not depend on the host.
    std::uint32_t heat = 300;
};

// The library for it is installed.
bool can_compile();

class Hypervisor final : public hv::Hypervisor {
  public:
    // make_irq_chip: the interrupt controllers of its machines; none: the classes of devices/irqchip.
    explicit Hypervisor(Tier tier = {}, dev::irqchip::MakeIrqChip make_irq_chip = {})
        : tier_(tier), make_irq_chip_(std::move(make_irq_chip)) {}
    std::string_view name() const override { return "soft"; }
    std::string_view kind() const override { return "soft"; }
    std::uint32_t max_vcpus() const override { return 64; }
    // What the CPU implements, less what needs instructions that the host's processor lacks.
    Result<std::vector<hv::CpuidEntry>> supported_cpuid() const override;
    Result<std::unique_ptr<hv::Vm>> create_vm(const hv::VmShape& shape, const hv::VmServices& services) const override;

  private:
    Tier tier_;
    dev::irqchip::MakeIrqChip make_irq_chip_;
};

}  // namespace nyx::soft
