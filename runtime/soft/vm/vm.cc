#include "runtime/soft/vm/vm.h"

#include <sys/random.h>

#include <algorithm>

#include "devices/irqchip/pc_irq_chip.h"
#include "runtime/base/log.h"
#include "runtime/soft/jit/background_compiler.h"
#include "runtime/soft/vm/hypervisor.h"
#include "runtime/soft/vm/vcpu.h"

namespace nyx::soft {

using dev::irqchip::IrqChip;
using dev::irqchip::LocalApicConfig;

bool can_compile() {
    std::error_code error;
    return std::filesystem::exists(region_library(), error);
}

Result<std::unique_ptr<hv::Vm>> Hypervisor::create_vm(const hv::VmShape& shape, const hv::VmServices& services) const {
    return std::unique_ptr<hv::Vm>(std::make_unique<Vm>(shape, services, tier_, make_irq_chip_));
}

IrqChip::Config Vm::config_of(const hv::VmShape& shape) {
    IrqChip::Config config;
    config.pit = shape.has_pit;
    for (std::uint32_t i = 0; i < shape.vcpus; ++i) {
        LocalApicConfig apic;
        apic.id = i;
        apic.boot_processor = i == 0;
        apic.physical_bits = kPhysicalBits;
        config.processors.push_back(apic);
    }
    return config;
}

IrqChip::Links Vm::links() {
    auto ns_of_tsc = [this](std::uint32_t cpu, std::uint64_t tsc) {
        std::lock_guard guard(vcpus_lock_);
        return vcpus_[cpu] != nullptr ? vcpus_[cpu]->ns_of_tsc(tsc) : tsc;
    };
    return {chip_lock_, services_.clock, *timers_, ns_of_tsc, [this](std::uint32_t cpu) { kick(cpu); }};
}

namespace {

// Loaded on the compiler's own thread, once something is hot: no machine waits for it, and many never need it.
std::shared_ptr<RegionSource> compiler_of(const Tier& tier) {
    if (!tier.compiles) return nullptr;
    auto make = []() -> std::unique_ptr<RegionCompiler> {
        auto compiler = load_region_compiler(region_library());
        if (compiler) return std::move(*compiler);
        log_warning("hot guest code is not compiled: {}", compiler.error().message);
        return nullptr;
    };
    using Asker = BackgroundCompiler::Asker;
    return std::make_shared<BackgroundCompiler>(make, tier.heat == 0 ? Asker::kWaits : Asker::kGoesOn);
}

}  // namespace

Vm::Vm(const hv::VmShape& shape, const hv::VmServices& services, const Tier& tier,
       const dev::irqchip::MakeIrqChip& make_irq_chip)
    : services_(services),
      regions_(compiler_of(tier)),
      heat_(tier.heat),
      timers_(services.timers.for_device(chip_lock_)),
      vcpus_(shape.vcpus),
      chip_(make_irq_chip ? make_irq_chip(config_of(shape), links())
                          : std::make_unique<dev::irqchip::PcIrqChip>(config_of(shape), links())) {}

Status Vm::map_memory(Range range, std::uint8_t* host, bool read_only) {
    return memory_.map(range, host, read_only);
}

Result<std::unique_ptr<hv::Vcpu>> Vm::create_vcpu(std::uint32_t index, std::span<const hv::CpuidEntry> cpuid) {
    auto vcpu = std::make_unique<Vcpu>(*this, index, cpuid);
    std::lock_guard guard(vcpus_lock_);
    vcpus_[index] = vcpu.get();
    return std::unique_ptr<hv::Vcpu>(std::move(vcpu));
}

Status Vm::set_irq(std::uint32_t gsi, bool asserted) {
    if (gsi < IrqChip::kGsis) chip_->set_gsi(gsi, asserted);
    return {};
}

Status Vm::connect_timer(bool connected) {
    chip_->connect_timer(connected);
    return {};
}

Status Vm::send_message(std::uint64_t address, std::uint32_t data) {
    chip_->deliver_msi(address, data);
    return {};
}

void Vm::set_up_tier(Cpu& cpu) const {
    if (regions_ != nullptr) cpu.use_regions(regions_, {.heat = std::max(heat_, 1u)});
}

void Vm::kick(std::uint32_t index) {
    std::lock_guard guard(vcpus_lock_);
    if (vcpus_[index] != nullptr) vcpus_[index]->kick();
}

std::uint64_t Vm::random() const {
    if (services_.random) return services_.random();
    std::uint64_t value = 0;
    (void)::getrandom(&value, sizeof(value), 0);
    return value;
}

void Vm::forget(std::uint32_t index) {
    std::lock_guard guard(vcpus_lock_);
    vcpus_[index] = nullptr;
}

}  // namespace nyx::soft
