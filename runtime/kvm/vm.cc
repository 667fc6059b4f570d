#include "runtime/kvm/vm.h"

#include "runtime/kvm/ioctl.h"
#include "runtime/kvm/linux_kvm.h"

namespace nyx::kvm {

Result<Vm> Vm::create(const System& system) {
    NYX_ASSIGN(int fd, NYX_KVM(system.fd(), KVM_CREATE_VM, std::uintptr_t{0}));
    Vm vm;
    vm.fd_ = Fd(fd);
    vm.vcpu_page_size_ = system.vcpu_page_size();
    vm.has_tss_ = system.capability(KVM_CAP_SET_TSS_ADDR) != 0;
    vm.has_identity_map_ = system.capability(KVM_CAP_SET_IDENTITY_MAP_ADDR) != 0;
    return vm;
}

Status Vm::set_scratch(std::uint64_t scratch) {
    constexpr std::uint64_t kTssSize = 3 * 4096;
    if (has_tss_) NYX_TRY(NYX_KVM(fd_.get(), KVM_SET_TSS_ADDR, static_cast<std::uintptr_t>(scratch)));
    __u64 identity_map = scratch + kTssSize;
    if (has_identity_map_) NYX_TRY(NYX_KVM(fd_.get(), KVM_SET_IDENTITY_MAP_ADDR, &identity_map));
    return {};
}

Status Vm::create_irqchip() {
    NYX_TRY(NYX_KVM(fd_.get(), KVM_CREATE_IRQCHIP, std::uintptr_t{0}));
    return {};
}

Status Vm::create_pit() {
    kvm_pit_config config{};
    config.flags = KVM_PIT_SPEAKER_DUMMY;
    NYX_TRY(NYX_KVM(fd_.get(), KVM_CREATE_PIT2, &config));
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

Result<Vcpu> Vm::create_vcpu(std::uint32_t index) {
    NYX_ASSIGN(int fd, NYX_KVM(fd_.get(), KVM_CREATE_VCPU, static_cast<std::uintptr_t>(index)));
    return Vcpu::adopt(Fd(fd), vcpu_page_size_, index);
}

Status Vm::set_irq(std::uint32_t gsi, bool asserted) const {
    kvm_irq_level level{};
    level.irq = gsi;
    level.level = asserted;
    NYX_TRY(NYX_KVM(fd_.get(), KVM_IRQ_LINE, &level));
    return {};
}

}  // namespace nyx::kvm
