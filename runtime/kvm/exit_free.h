// What KVM does without an exit or a call: ioeventfd, the ring of coalesced writes, irqfd.
#pragma once

#include <memory>

#include "runtime/hv/exit_free.h"
#include "runtime/kvm/system.h"
#include "runtime/kvm/write_ring.h"

namespace nyx::kvm {

class ExitFree final : public hv::ExitFree {
  public:
    // vm_fd outlives it; vcpu_fd: of the VM's first vCPU, looked at now only.
    static Result<std::unique_ptr<ExitFree>> create(const System& system, int vm_fd, int vcpu_fd);

    Status add_doorbell(const hv::Doorbell& doorbell, int event) override;
    Status queue_writes(hv::Space space, Range range) override;
    Status stop_queueing(hv::Space space, Range range) override;
    hv::WriteQueue& queue() override { return *ring_; }
    Status add_level_input(std::uint32_t gsi, int raise, int ended) override;

  private:
    int vm_fd_ = -1;
    bool queues_ports_ = false;
    bool resamples_ = false;
    std::unique_ptr<WriteRing> ring_;
};

}  // namespace nyx::kvm
