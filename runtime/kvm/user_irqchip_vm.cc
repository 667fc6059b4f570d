#include "runtime/kvm/user_irqchip_vm.h"

#include "runtime/hv/kick_signal.h"
#include "runtime/kvm/user_irqchip_vcpu.h"

namespace nyx::kvm {

using dev::irqchip::IrqChip;
using dev::irqchip::LocalApicConfig;

namespace {

// The TSC deadline is a time of the guest's TSC, which KVM has and lets the guest set.
IrqChip::Config config_of(const hv::VmShape& shape, bool x2apic) {
    IrqChip::Config config;
    config.pit = shape.has_pit;
    for (std::uint32_t i = 0; i < shape.vcpus; ++i) {
        LocalApicConfig apic;
        apic.id = i;
        apic.boot_processor = i == 0;
        apic.x2apic = x2apic;
        apic.tsc_deadline = false;
        config.processors.push_back(apic);
    }
    return config;
}

}  // namespace

// SDM volume 2A, CPUID, leaf 1: x2APIC and TSC deadline. Linux, Documentation/virt/kvm/x86/cpuid.rst, leaf 0x40000001:
// asynchronous page faults, PV EOI, unhalt, IPIs and yield, polling, wide MSI destinations.
Status hide_kernel_apic(std::vector<CpuidEntry>& entries, bool x2apic) {
    constexpr std::uint32_t kX2Apic = 1u << 21, kTscDeadline = 1u << 24;
    constexpr std::uint32_t kParavirtual =
        1u << 4 | 1u << 6 | 1u << 7 | 1u << 10 | 1u << 11 | 1u << 12 | 1u << 13 | 1u << 14 | 1u << 15;
    const hv::CpuidRule rules[] = {{1, 0, 'c', kTscDeadline | (x2apic ? 0 : kX2Apic), 0},
                                   {0x40000001, 0, 'a', kParavirtual, 0}};
    return hv::apply_rules(entries, rules);
}

Result<std::unique_ptr<hv::Vm>> UserIrqchipVm::create(const System& system, const hv::VmShape& shape,
                                                      const hv::VmServices& services,
                                                      const dev::irqchip::MakeIrqChip& make_chip) {
    hv::install_kick_handler();
    NYX_ASSIGN(std::unique_ptr<kvm::Vm> vm, kvm::Vm::create(system, shape, kvm::Vm::Chips::kNone));
    if (system.asks_for_msrs()) NYX_TRY(vm->exit_for_refused_msrs());
    const IrqChip::Config config = config_of(shape, system.asks_for_msrs());
    return std::unique_ptr<hv::Vm>(std::make_unique<UserIrqchipVm>(std::move(vm), config, services, make_chip));
}

IrqChip::Links UserIrqchipVm::links() {
    // There is no TSC deadline whose time it would have to tell.
    auto ns_of_tsc = [](std::uint32_t, std::uint64_t tsc) { return tsc; };
    return {chip_lock_, services_.clock, *timers_, ns_of_tsc, [this](std::uint32_t cpu) { kick(cpu); }};
}

UserIrqchipVm::UserIrqchipVm(std::unique_ptr<kvm::Vm> vm, const IrqChip::Config& config, const hv::VmServices& services,
                             const dev::irqchip::MakeIrqChip& make_chip)
    : vm_(std::move(vm)),
      services_(services),
      timers_(services.timers.for_device(chip_lock_)),
      vcpus_(config.processors.size()),
      chip_(make_chip(config, links())) {}

Status UserIrqchipVm::map_memory(Range range, std::uint8_t* host, bool read_only) {
    return vm_->map_memory(range, host, read_only);
}

Result<std::unique_ptr<hv::Vcpu>> UserIrqchipVm::create_vcpu(std::uint32_t index, std::span<const CpuidEntry> cpuid) {
    NYX_ASSIGN(std::unique_ptr<kvm::Vcpu> kernel_side, vm_->add_vcpu(index, cpuid));
    NYX_ASSIGN(std::unique_ptr<UserIrqchipVcpu> vcpu, UserIrqchipVcpu::create(*this, index, std::move(kernel_side)));
    std::lock_guard guard(vcpus_lock_);
    vcpus_[index] = vcpu.get();
    return std::unique_ptr<hv::Vcpu>(std::move(vcpu));
}

Status UserIrqchipVm::set_irq(std::uint32_t gsi, bool asserted) {
    if (gsi < IrqChip::kGsis) chip_->set_gsi(gsi, asserted);
    return {};
}

Status UserIrqchipVm::connect_timer(bool connected) {
    chip_->connect_timer(connected);
    return {};
}

Status UserIrqchipVm::send_message(std::uint64_t address, std::uint32_t data) {
    chip_->deliver_msi(address, data);
    return {};
}

void UserIrqchipVm::kick(std::uint32_t index) {
    std::lock_guard guard(vcpus_lock_);
    if (vcpus_[index] != nullptr) vcpus_[index]->kick();
}

void UserIrqchipVm::forget(std::uint32_t index) {
    std::lock_guard guard(vcpus_lock_);
    vcpus_[index] = nullptr;
}

}  // namespace nyx::kvm
