// KVM's ring of coalesced writes (Documentation/virt/kvm/api.rst, KVM_REGISTER_COALESCED_MMIO), mapped: one a VM,
// though it is reached by the descriptor of a vCPU.
#pragma once

#include <memory>
#include <mutex>

#include "runtime/hv/exit_free.h"

struct kvm_coalesced_mmio_ring;

namespace nyx::kvm {

class WriteRing final : public hv::WriteQueue {
  public:
    // page: where KVM_CAP_COALESCED_MMIO says that the ring is, in pages.
    static Result<std::unique_ptr<WriteRing>> map(int vcpu_fd, int page);
    // `ring` is kPageBytes long; for tests.
    explicit WriteRing(kvm_coalesced_mmio_ring* ring) : ring_(ring) {}
    ~WriteRing() override;

    bool waits() const override;
    void drain(const hv::ApplyQueued& apply) override;

    static constexpr std::size_t kPageBytes = 4096;

  private:
    kvm_coalesced_mmio_ring* ring_ = nullptr;
    bool is_mapped_ = false;
    std::mutex mutex_;  // held while writes are applied: whoever waits for it finds them done
};

}  // namespace nyx::kvm
