#include "runtime/kvm/write_ring.h"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cerrno>

#include "runtime/kvm/ioctl.h"
#include "runtime/kvm/linux_kvm.h"

namespace nyx::kvm {

namespace {

constexpr std::uint32_t kEntries =
    (WriteRing::kPageBytes - sizeof(kvm_coalesced_mmio_ring)) / sizeof(kvm_coalesced_mmio);

}  // namespace

Result<std::unique_ptr<WriteRing>> WriteRing::map(int vcpu_fd, int page) {
    void* mapped = ::mmap(nullptr, kPageBytes, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu_fd,
                          static_cast<off_t>(page) * static_cast<off_t>(kPageBytes));
    if (mapped == MAP_FAILED) return fail(explain("mmap of the ring of coalesced writes", errno));
    auto ring = std::make_unique<WriteRing>(static_cast<kvm_coalesced_mmio_ring*>(mapped));
    ring->is_mapped_ = true;
    return ring;
}

WriteRing::~WriteRing() {
    if (is_mapped_) ::munmap(ring_, kPageBytes);
}

// The kernel moves `last`, we move `first`, and only when a write has been applied.
bool WriteRing::waits() const {
    return std::atomic_ref(ring_->first).load(std::memory_order_acquire) !=
           std::atomic_ref(ring_->last).load(std::memory_order_acquire);
}

void WriteRing::drain(const hv::ApplyQueued& apply) {
    std::lock_guard lock(mutex_);
    const std::uint32_t end = std::atomic_ref(ring_->last).load(std::memory_order_acquire) % kEntries;
    std::uint32_t at = ring_->first % kEntries;
    while (at != end) {
        const kvm_coalesced_mmio& entry = ring_->coalesced_mmio[at];
        const hv::Space space = entry.pio != 0 ? hv::Space::kPio : hv::Space::kMmio;
        apply({space, entry.phys_addr, {entry.data, std::min<std::size_t>(entry.len, sizeof entry.data)}});
        at = (at + 1) % kEntries;
        std::atomic_ref(ring_->first).store(at, std::memory_order_release);
    }
}

}  // namespace nyx::kvm
