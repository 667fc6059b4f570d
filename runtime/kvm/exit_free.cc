#include "runtime/kvm/exit_free.h"

#include "runtime/kvm/ioctl.h"
#include "runtime/kvm/linux_kvm.h"

namespace nyx::kvm {

Result<std::unique_ptr<ExitFree>> ExitFree::create(const System& system, int vm_fd, int vcpu_fd) {
    const int page = system.capability(KVM_CAP_COALESCED_MMIO);
    if (page == 0 || system.capability(KVM_CAP_IOEVENTFD) == 0)
        return fail(ErrorCode::kUnsupported, "this KVM has no ioeventfd, or no coalesced writes");
    auto paths = std::make_unique<ExitFree>();
    paths->vm_fd_ = vm_fd;
    paths->queues_ports_ = system.capability(KVM_CAP_COALESCED_PIO) != 0;
    paths->resamples_ = system.capability(KVM_CAP_IRQFD_RESAMPLE) != 0;
    NYX_ASSIGN(paths->ring_, WriteRing::map(vcpu_fd, page));
    return paths;
}

Status ExitFree::add_doorbell(const hv::Doorbell& doorbell, int event) {
    kvm_ioeventfd request{};
    request.addr = doorbell.address;
    request.len = doorbell.width;
    request.fd = event;
    if (doorbell.space == hv::Space::kPio) request.flags |= KVM_IOEVENTFD_FLAG_PIO;
    if (doorbell.value) {
        request.flags |= KVM_IOEVENTFD_FLAG_DATAMATCH;
        request.datamatch = *doorbell.value;
    }
    NYX_TRY(NYX_KVM(vm_fd_, KVM_IOEVENTFD, &request));
    return {};
}

static kvm_coalesced_mmio_zone zone_of(hv::Space space, Range range) {
    kvm_coalesced_mmio_zone zone{};
    zone.addr = range.base;
    zone.size = static_cast<__u32>(range.size);
    zone.pio = space == hv::Space::kPio ? 1 : 0;
    return zone;
}

Status ExitFree::queue_writes(hv::Space space, Range range) {
    if (space == hv::Space::kPio && !queues_ports_)
        return fail(ErrorCode::kUnsupported, "this KVM does not queue writes to ports");
    if (range.size == 0 || range.size > 0xFFFFFFFF) return fail(ErrorCode::kUnsupported, "no range for a queue");
    kvm_coalesced_mmio_zone zone = zone_of(space, range);
    NYX_TRY(NYX_KVM(vm_fd_, KVM_REGISTER_COALESCED_MMIO, &zone));
    return {};
}

// KVM waits until no vCPU uses the range (SRCU), and takes away every range that holds these bytes.
Status ExitFree::stop_queueing(hv::Space space, Range range) {
    kvm_coalesced_mmio_zone zone = zone_of(space, range);
    NYX_TRY(NYX_KVM(vm_fd_, KVM_UNREGISTER_COALESCED_MMIO, &zone));
    return {};
}

// Linux, Documentation/virt/kvm/api.rst, KVM_IRQFD: with KVM_IRQFD_FLAG_RESAMPLE it asserts and does not pulse. EINVAL
// where the interrupt controllers are not all KVM's.
Status ExitFree::add_level_input(std::uint32_t gsi, int raise, int ended) {
    if (!resamples_) return fail(ErrorCode::kUnsupported, "this KVM has no irqfd with resample");
    kvm_irqfd request{};
    request.fd = static_cast<__u32>(raise);
    request.gsi = gsi;
    request.flags = KVM_IRQFD_FLAG_RESAMPLE;
    request.resamplefd = static_cast<__u32>(ended);
    NYX_TRY(NYX_KVM(vm_fd_, KVM_IRQFD, &request));
    return {};
}

}  // namespace nyx::kvm
