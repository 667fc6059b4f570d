// A vCPU of KVM. Errors say what to do (ioctl.cc).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "runtime/base/file.h"
#include "runtime/base/result.h"
#include "runtime/hv/hypervisor.h"
#include "runtime/kvm/exit.h"
#include "runtime/kvm/stats.h"

namespace nyx::kvm {

// The kvm_run page of a vCPU, mapped.
class RunPage {
  public:
    static Result<RunPage> map(int vcpu_fd, std::size_t size);
    RunPage() = default;
    RunPage(RunPage&& other) noexcept;
    RunPage& operator=(RunPage&& other) noexcept;
    ~RunPage();
    kvm_run* get() const { return run_; }
    std::size_t size() const { return size_; }

  private:
    kvm_run* run_ = nullptr;
    std::size_t size_ = 0;
};

class Vcpu final : public hv::Vcpu {
  public:
    // Takes the descriptor that KVM_CREATE_VCPU gave.
    static Result<std::unique_ptr<Vcpu>> adopt(Fd fd, std::size_t page_size);

    Result<Exit> run(hv::ExitServer& server) override;
    void interrupt() override;
    void allow_run() override;
    Result<CpuState> state() const override;
    Status set_state(const CpuState& state) override;
    Result<std::vector<CpuidEntry>> cpuid() const override;
    Status set_cpuid(std::span<const CpuidEntry> entries);
    Status set_msrs(std::span<const Msr> msrs) override;
    Result<Activity> activity() const override;
    Result<std::uint64_t> translate(std::uint64_t linear) const override;
    hv::Counters counters() const override;
    std::optional<bool> is_waiting() const override;

    // For interrupt controllers in this process: one KVM_RUN, what stands beside it, and what they send.
    Result<Exit> run_once();
    kvm_run& page() { return *page_.get(); }
    Status set_apic_base(std::uint64_t base);
    Status inject_interrupt(std::uint8_t vector);
    Status inject_nmi();

  private:
    Fd fd_;
    RunPage page_;
    std::optional<Stats> stats_;  // nothing on kernels without
};

}  // namespace nyx::kvm
