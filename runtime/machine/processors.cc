#include "runtime/machine/processors.h"

#include <cstring>

#include "runtime/base/log.h"

namespace nyx::vm {
namespace {

// Where QEMU has it as well; used only for a plan without a "hypervisor" window.
constexpr std::uint64_t kUsualScratch = 0xFEFFC000;
// Intel SDM volume 4: IA32_MISC_ENABLE bit 0, fast strings; IA32_MTRR_DEF_TYPE: enabled, write-back.
constexpr kvm::Msr kMiscEnable{0x1A0, 1};
constexpr kvm::Msr kMtrrDefaultType{0x2FF, (1u << 11) | 6};
// AMD's HWCR bit 24, TscFreqSel: the TSC counts at the P0 frequency. Linux calls it a firmware bug where it is clear.
constexpr kvm::Msr kAmdHardwareConfiguration{0xC0010015, 1u << 24};

std::vector<kvm::CpuidRule> rules_of(const std::vector<plan::CpuidBits>& bits) {
    std::vector<kvm::CpuidRule> rules;
    for (const plan::CpuidBits& bit : bits) rules.push_back({bit.leaf, bit.subleaf, bit.reg, bit.clear, bit.require});
    return rules;
}

Result<std::vector<kvm::CpuidEntry>> cpu_model(const kvm::System& system, const plan::CpuPlan& cpu) {
    NYX_ASSIGN(std::vector<kvm::CpuidEntry> entries, system.supported_cpuid());
    std::vector<kvm::CpuidRule> rules = rules_of(cpu.bits);
    auto quirks = cpu.quirks.find(kvm::host_kind_name(system.host_kind()));
    if (quirks != cpu.quirks.end())
        for (const kvm::CpuidRule& rule : rules_of(quirks->second)) rules.push_back(rule);
    NYX_TRY(kvm::apply_rules(entries, rules));
    return entries;
}

Status map_all(kvm::Vm& vm, const Memory& memory) {
    for (const dev::GuestMemory::Region& region : memory.guest.regions())
        NYX_TRY(vm.map_memory(region.gpa, region.host, false));
    for (const Memory::RomPages& rom : memory.roms) NYX_TRY(vm.map_memory(rom.range, rom.pages.data(), true));
    return {};
}

// "AuthenticAMD", and "HygonGenuine", whose processors are AMD's.
bool is_amd(std::span<const kvm::CpuidEntry> cpuid) {
    constexpr std::uint32_t kAuth = 0x68747541, kHygo = 0x6F677948;
    const kvm::CpuidEntry* vendor = kvm::find_leaf(cpuid, 0, 0);
    return vendor != nullptr && (vendor->ebx == kAuth || vendor->ebx == kHygo);
}

// What firmware would have set, for a guest that is started without one. A KVM that has no such MSR does without.
Status set_firmware_msrs(kvm::Vcpu& vcpu, bool amd) {
    std::vector<kvm::Msr> msrs{kMiscEnable, kMtrrDefaultType};
    if (amd) msrs.push_back(kAmdHardwareConfiguration);
    for (kvm::Msr msr : msrs) {
        auto done = vcpu.set_msrs({&msr, 1});
        if (!done && done.error().code != ErrorCode::kUnsupported) return done;
    }
    return {};
}

// Such a machine still runs, but what the guest finds depends on the host.
void warn_of_unhidden(const kvm::Vcpu& vcpu, const plan::CpuPlan& cpu) {
    auto seen = vcpu.cpuid();
    if (!seen) return;
    std::vector<std::string> shown = kvm::not_hidden(*seen, rules_of(cpu.bits));
    if (!shown.empty())
        log_warning("this host's KVM shows the guest features that the machine hides: {}", fmt::join(shown, " "));
}

Status add_vcpu(Processors& processors, const plan::MachinePlan& plan, std::uint32_t index,
                std::vector<kvm::CpuidEntry> cpuid) {
    NYX_ASSIGN(kvm::Vcpu vcpu, processors.vm.create_vcpu(index));
    kvm::set_topology(cpuid, index, plan.cpu.count);
    NYX_TRY(vcpu.set_cpuid(cpuid));
    if (index == 0) warn_of_unhidden(vcpu, plan.cpu);
    if (plan.boot.protocol != plan::BootProtocol::kFirmware) NYX_TRY(set_firmware_msrs(vcpu, is_amd(cpuid)));
    if (auto stats = vcpu.stats()) processors.stats.push_back(std::move(*stats));
    processors.vcpus.push_back(std::move(vcpu));
    return {};
}

}  // namespace

Result<Memory> Memory::create(const Blueprint& blueprint, bool huge_pages) {
    const plan::MachinePlan& plan = *blueprint.plan;
    Memory memory;
    NYX_ASSIGN(memory.ram, kvm::GuestRam::create(plan.memory_size, huge_pages));
    std::vector<dev::GuestMemory::Region> regions;
    for (const plan::RamRegion& region : plan.ram) {
        auto end = checked_add(region.offset, region.range.size);
        if (!end || *end > plan.memory_size)
            return fail(ErrorCode::kInvalidArgument, "RAM at {:#x} lies outside the machine's memory",
                        region.range.base);
        regions.push_back({region.range, memory.ram.data() + region.offset});
    }
    NYX_ASSIGN(memory.guest, dev::GuestMemory::create(std::move(regions)));
    for (const Rom& rom : blueprint.roms) {
        NYX_ASSIGN(kvm::GuestRam pages, kvm::GuestRam::create(align_up(rom.bytes.size(), 4096), false));
        std::memcpy(pages.data(), rom.bytes.data(), rom.bytes.size());
        memory.roms.push_back({{rom.address, pages.size()}, std::move(pages)});
    }
    return memory;
}

Result<std::unique_ptr<Processors>> Processors::create(const kvm::System& system, const plan::MachinePlan& plan,
                                                       const Memory& memory) {
    if (plan.cpu.count > static_cast<std::uint32_t>(system.max_vcpus()))
        return fail(Error{ErrorCode::kUnsupported,
                          fmt::format("the machine has {} vCPUs, this host's KVM takes at most {}", plan.cpu.count,
                                      system.max_vcpus()),
                          "build the machine with fewer `cpus`"});
    NYX_ASSIGN(std::vector<kvm::CpuidEntry> cpuid, cpu_model(system, plan.cpu));
    NYX_ASSIGN(kvm::Vm vm, kvm::Vm::create(system));
    auto processors = std::make_unique<Processors>();
    processors->vm = std::move(vm);
    const plan::Window* scratch = plan.find_window("hypervisor");
    NYX_TRY(processors->vm.set_scratch(scratch != nullptr ? scratch->range.base : kUsualScratch));
    NYX_TRY(processors->vm.create_irqchip());
    if (plan.pit) NYX_TRY(processors->vm.create_pit());
    NYX_TRY(map_all(processors->vm, memory));
    for (std::uint32_t index = 0; index < plan.cpu.count; ++index) NYX_TRY(add_vcpu(*processors, plan, index, cpuid));
    if (processors->stats.size() != processors->vcpus.size()) processors->stats.clear();
    return processors;
}

}  // namespace nyx::vm
