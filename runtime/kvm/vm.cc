#include "runtime/kvm/vm.h"

#include "runtime/kvm/ioctl.h"
#include "runtime/kvm/linux_kvm.h"
#include "runtime/kvm/user_irqchip_vm.h"

namespace nyx::kvm {
namespace {

// Where QEMU has it as well; for a VM that runs no machine.
constexpr std::uint64_t kUsualScratch = 0xFEFFC000;

}  // namespace

Result<std::unique_ptr<hv::Vm>> System::create_vm(const hv::VmShape& shape, const hv::VmServices& services) const {
    if (make_irq_chip_) return UserIrqchipVm::create(*this, shape, services, make_irq_chip_);
    NYX_ASSIGN(std::unique_ptr<Vm> vm, Vm::create(*this, shape));
    return std::unique_ptr<hv::Vm>(std::move(vm));
}

Result<std::unique_ptr<Vm>> Vm::create(const System& system, const hv::VmShape& shape, Chips chips) {
    NYX_ASSIGN(int fd, NYX_KVM(system.fd(), KVM_CREATE_VM, std::uintptr_t{0}));
    auto vm = std::make_unique<Vm>();
    vm->system_ = &system;
    vm->fd_ = Fd(fd);
    vm->vcpu_page_size_ = system.vcpu_page_size();
    NYX_TRY(vm->set_scratch(system, shape.scratch));
    vm->wants_pit_ = shape.has_pit;
    vm->has_chips_ = chips == Chips::kNone;
    return vm;
}

// KVM waits for readers of a VM whenever its memory slots or its bus change. In this order, memory first, it waits
// less.
Status Vm::create_chips() {
    if (has_chips_) return {};
    has_chips_ = true;
    NYX_TRY(NYX_KVM(fd_.get(), KVM_CREATE_IRQCHIP, std::uintptr_t{0}));
    NYX_TRY(route_pc_lines());
    kvm_pit_config pit{};
    pit.flags = KVM_PIT_SPEAKER_DUMMY;
    if (wants_pit_) NYX_TRY(NYX_KVM(fd_.get(), KVM_CREATE_PIT2, &pit));
    return {};
}

// Linux, Documentation/virt/kvm/api.rst, KVM_CAP_X86_USER_SPACE_MSR. A filter does not reach x2APIC's registers.
Status Vm::exit_for_refused_msrs() {
    kvm_enable_cap request{};
    request.cap = KVM_CAP_X86_USER_SPACE_MSR;
    request.args[0] = KVM_MSR_EXIT_REASON_INVAL;
    NYX_TRY(NYX_KVM(fd_.get(), KVM_ENABLE_CAP, &request));
    return {};
}

// Older Intel CPUs need these pages for real mode.
Status Vm::set_scratch(const System& system, std::uint64_t scratch) {
    constexpr std::uint64_t kTssSize = 0x3000;
    if (system.capability(KVM_CAP_SET_TSS_ADDR) != 0)
        NYX_TRY(NYX_KVM(fd_.get(), KVM_SET_TSS_ADDR, static_cast<std::uintptr_t>(scratch)));
    __u64 identity_map = scratch + kTssSize;
    if (system.capability(KVM_CAP_SET_IDENTITY_MAP_ADDR) != 0)
        NYX_TRY(NYX_KVM(fd_.get(), KVM_SET_IDENTITY_MAP_ADDR, &identity_map));
    return {};
}

// KVM starts with GSI n on pin n of the I/O APIC. A PC has the timer, ISA line 0, on pin 2, as the MADT says; the
// 8259s' own cascade, line 2, has no pin.
Status Vm::route_pc_lines() {
    constexpr __u32 kPicPins = 8;  // of each of the two
    constexpr __u32 kIsaLines = 16;
    constexpr __u32 kIoApicPins = 24;
    constexpr __u32 kTimerPin = 2;
    alignas(kvm_irq_routing)
        std::uint8_t bytes[sizeof(kvm_irq_routing) + (kIsaLines + kIoApicPins) * sizeof(kvm_irq_routing_entry)] = {};
    auto* table = reinterpret_cast<kvm_irq_routing*>(bytes);
    auto add = [&](__u32 gsi, __u32 chip, __u32 pin) {
        kvm_irq_routing_entry& entry = table->entries[table->nr++];
        entry.gsi = gsi;
        entry.type = KVM_IRQ_ROUTING_IRQCHIP;
        entry.u.irqchip.irqchip = chip;
        entry.u.irqchip.pin = pin;
    };
    for (__u32 gsi = 0; gsi < kIsaLines; ++gsi)
        add(gsi, gsi < kPicPins ? KVM_IRQCHIP_PIC_MASTER : KVM_IRQCHIP_PIC_SLAVE, gsi % kPicPins);
    for (__u32 gsi = 0; gsi < kIoApicPins; ++gsi)
        if (gsi != kTimerPin) add(gsi, KVM_IRQCHIP_IOAPIC, gsi == 0 ? kTimerPin : gsi);
    NYX_TRY(NYX_KVM(fd_.get(), KVM_SET_GSI_ROUTING, table));
    return {};
}

Status Vm::map_memory(Range range, std::uint8_t* host, bool read_only) {
    kvm_userspace_memory_region region{};
    region.slot = next_slot_;
    region.flags = read_only ? KVM_MEM_READONLY : 0;
    region.guest_phys_addr = range.base;
    region.memory_size = range.size;
    region.userspace_addr = reinterpret_cast<std::uintptr_t>(host);
    auto done = NYX_KVM(fd_.get(), KVM_SET_USER_MEMORY_REGION, &region);
    if (!done)
        return fail(std::move(done).error().in(fmt::format("guest memory {:#x}-{:#x}", range.base, range.end() - 1)));
    ++next_slot_;
    return {};
}

Result<std::unique_ptr<hv::Vcpu>> Vm::create_vcpu(std::uint32_t index, std::span<const CpuidEntry> cpuid) {
    NYX_ASSIGN(std::unique_ptr<Vcpu> vcpu, add_vcpu(index, cpuid));
    return std::unique_ptr<hv::Vcpu>(std::move(vcpu));
}

Result<std::unique_ptr<Vcpu>> Vm::add_vcpu(std::uint32_t index, std::span<const CpuidEntry> cpuid) {
    NYX_TRY(create_chips());
    NYX_ASSIGN(int fd, NYX_KVM(fd_.get(), KVM_CREATE_VCPU, static_cast<std::uintptr_t>(index)));
    if (index == 0)
        if (auto paths = ExitFree::create(*system_, fd_.get(), fd)) exit_free_ = std::move(*paths);
    NYX_ASSIGN(std::unique_ptr<Vcpu> vcpu, Vcpu::adopt(Fd(fd), vcpu_page_size_));
    NYX_TRY(vcpu->set_cpuid(cpuid));
    return vcpu;
}

Status Vm::set_irq(std::uint32_t gsi, bool asserted) {
    kvm_irq_level level{};
    level.irq = gsi;
    level.level = asserted;
    NYX_TRY(NYX_KVM(fd_.get(), KVM_IRQ_LINE, &level));
    return {};
}

// Linux, Documentation/virt/kvm/api.rst, KVM_SET_PIT2.
Status Vm::connect_timer(bool connected) {
    if (!wants_pit_) return {};
    kvm_pit_state2 pit{};
    NYX_TRY(NYX_KVM(fd_.get(), KVM_GET_PIT2, &pit));
    pit.flags = connected ? pit.flags & ~__u32{KVM_PIT_FLAGS_HPET_LEGACY} : pit.flags | KVM_PIT_FLAGS_HPET_LEGACY;
    NYX_TRY(NYX_KVM(fd_.get(), KVM_SET_PIT2, &pit));
    return {};
}

Status Vm::send_message(std::uint64_t address, std::uint32_t data) {
    kvm_msi message{};
    message.address_lo = static_cast<std::uint32_t>(address);
    message.address_hi = static_cast<std::uint32_t>(address >> 32);
    message.data = data;
    NYX_TRY(NYX_KVM(fd_.get(), KVM_SIGNAL_MSI, &message));
    return {};
}

Result<std::vector<std::string>> unhidable_features(const System& system) {
    NYX_ASSIGN(std::vector<CpuidEntry> entries, system.supported_cpuid());
    std::vector<CpuidRule> rules = hide_all_features();
    NYX_TRY(apply_rules(entries, rules));
    NYX_ASSIGN(std::unique_ptr<Vm> vm, Vm::create(system, {1, kUsualScratch, false}));
    NYX_ASSIGN(std::unique_ptr<hv::Vcpu> vcpu, vm->create_vcpu(0, entries));
    NYX_ASSIGN(std::vector<CpuidEntry> seen, vcpu->cpuid());
    return not_hidden(seen, rules);
}

}  // namespace nyx::kvm
