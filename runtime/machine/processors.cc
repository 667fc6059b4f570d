#include "runtime/machine/processors.h"

#include <cstring>

#include "runtime/base/log.h"

namespace nyx::vm {
namespace {

// Where QEMU has it as well; used only for a plan without a "hypervisor" window.
constexpr std::uint64_t kUsualScratch = 0xFEFFC000;
// Intel SDM volume 4: IA32_MISC_ENABLE bit 0, fast strings; IA32_MTRR_DEF_TYPE: enabled, write-back.
constexpr hv::Msr kMiscEnable{0x1A0, 1};
constexpr hv::Msr kMtrrDefaultType{0x2FF, (1u << 11) | 6};
// AMD's HWCR bit 24, TscFreqSel: the TSC counts at the P0 frequency. Linux calls it a firmware bug where it is clear.
constexpr hv::Msr kAmdHardwareConfiguration{0xC0010015, 1u << 24};

std::vector<hv::CpuidRule> rules_of(const std::vector<plan::CpuidBits>& bits) {
    std::vector<hv::CpuidRule> rules;
    for (const plan::CpuidBits& bit : bits) rules.push_back({bit.leaf, bit.subleaf, bit.reg, bit.clear, bit.require});
    return rules;
}

Result<std::vector<hv::CpuidEntry>> cpu_model(const hv::Hypervisor& hypervisor, const plan::CpuPlan& cpu) {
    NYX_ASSIGN(std::vector<hv::CpuidEntry> entries, hypervisor.supported_cpuid());
    std::vector<hv::CpuidRule> rules = rules_of(cpu.bits);
    auto quirks = cpu.quirks.find(std::string(hypervisor.kind()));
    if (quirks != cpu.quirks.end())
        for (const hv::CpuidRule& rule : rules_of(quirks->second)) rules.push_back(rule);
    NYX_TRY(hv::apply_rules(entries, rules));
    return entries;
}

Status map_all(hv::Vm& vm, const Memory& memory) {
    for (const dev::GuestMemory::Region& region : memory.guest.regions())
        NYX_TRY(vm.map_memory(region.gpa, region.host, false));
    for (const Memory::RomPages& rom : memory.roms) NYX_TRY(vm.map_memory(rom.range, rom.pages.data(), true));
    return {};
}

// "AuthenticAMD", and "HygonGenuine", whose processors are AMD's.
bool is_amd(std::span<const hv::CpuidEntry> cpuid) {
    constexpr std::uint32_t kAuth = 0x68747541, kHygo = 0x6F677948;
    const hv::CpuidEntry* vendor = hv::find_leaf(cpuid, 0, 0);
    return vendor != nullptr && (vendor->ebx == kAuth || vendor->ebx == kHygo);
}

// What firmware would have set, for a guest that is started without one. A KVM that has no such MSR does without.
Status set_firmware_msrs(hv::Vcpu& vcpu, bool amd) {
    std::vector<hv::Msr> msrs{kMiscEnable, kMtrrDefaultType};
    if (amd) msrs.push_back(kAmdHardwareConfiguration);
    for (hv::Msr msr : msrs) {
        auto done = vcpu.set_msrs({&msr, 1});
        if (!done && done.error().code != ErrorCode::kUnsupported) return done;
    }
    return {};
}

// Such a machine still runs, but what the guest finds depends on the host.
void warn_of_unhidden(const hv::Vcpu& vcpu, const plan::CpuPlan& cpu) {
    auto seen = vcpu.cpuid();
    if (!seen) return;
    std::vector<std::string> shown = hv::not_hidden(*seen, rules_of(cpu.bits));
    if (!shown.empty())
        log_warning("this host's KVM shows the guest features that the machine hides: {}", fmt::join(shown, " "));
}

Status add_vcpu(Processors& processors, const plan::MachinePlan& plan, std::uint32_t index,
                std::vector<hv::CpuidEntry> cpuid) {
    hv::set_topology(cpuid, index, plan.cpu.count);
    NYX_ASSIGN(std::unique_ptr<hv::Vcpu> vcpu, processors.vm->create_vcpu(index, cpuid));
    if (index == 0) warn_of_unhidden(*vcpu, plan.cpu);
    if (plan.boot.protocol != plan::BootProtocol::kFirmware) NYX_TRY(set_firmware_msrs(*vcpu, is_amd(cpuid)));
    processors.vcpus.push_back(std::move(vcpu));
    return {};
}

}  // namespace

Result<Memory> Memory::create(const Blueprint& blueprint, bool huge_pages) {
    const plan::MachinePlan& plan = *blueprint.plan;
    Memory memory;
    NYX_ASSIGN(memory.ram, hv::GuestRam::create(plan.memory_size, huge_pages));
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
        NYX_ASSIGN(hv::GuestRam pages, hv::GuestRam::create(align_up(rom.bytes.size(), 4096), false));
        std::memcpy(pages.data(), rom.bytes.data(), rom.bytes.size());
        memory.roms.push_back({{rom.address, pages.size()}, std::move(pages)});
    }
    return memory;
}

Result<std::unique_ptr<Processors>> Processors::create(const hv::Hypervisor& hypervisor, const hv::VmServices& services,
                                                       const plan::MachinePlan& plan, const Memory& memory) {
    if (plan.cpu.count > hypervisor.max_vcpus())
        return fail(Error{ErrorCode::kUnsupported,
                          fmt::format("the machine has {} vCPUs, {} on this host takes at most {}", plan.cpu.count,
                                      hypervisor.name(), hypervisor.max_vcpus()),
                          "build the machine with fewer `cpus`"});
    NYX_ASSIGN(std::vector<hv::CpuidEntry> cpuid, cpu_model(hypervisor, plan.cpu));
    const plan::Window* scratch = plan.find_window("hypervisor");
    hv::VmShape shape{plan.cpu.count, scratch != nullptr ? scratch->range.base : kUsualScratch, plan.pit};
    auto processors = std::make_unique<Processors>();
    NYX_ASSIGN(processors->vm, hypervisor.create_vm(shape, services));
    NYX_TRY(map_all(*processors->vm, memory));
    for (std::uint32_t index = 0; index < plan.cpu.count; ++index) NYX_TRY(add_vcpu(*processors, plan, index, cpuid));
    return processors;
}

}  // namespace nyx::vm
