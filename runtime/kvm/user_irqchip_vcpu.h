// A vCPU of KVM whose local APIC is in this process: it is given interrupts one by one, halts and waits for its start
// here, and reaches the interrupt controllers by exits.
#pragma once

#include <pthread.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "devices/irqchip/processor_interrupts.h"
#include "runtime/kvm/vcpu.h"

namespace nyx::kvm {

class UserIrqchipVm;

class UserIrqchipVcpu final : public hv::Vcpu {
  public:
    static Result<std::unique_ptr<UserIrqchipVcpu>> create(UserIrqchipVm& vm, std::uint32_t index,
                                                           std::unique_ptr<kvm::Vcpu> vcpu);
    UserIrqchipVcpu(UserIrqchipVm& vm, std::uint32_t index, std::unique_ptr<kvm::Vcpu> vcpu, const CpuState& reset);
    ~UserIrqchipVcpu() override;

    Result<Exit> run(hv::ExitServer& server) override;
    void interrupt() override;
    void allow_run() override;
    Result<CpuState> state() const override { return vcpu_->state(); }
    Status set_state(const CpuState& state) override;
    Result<std::vector<CpuidEntry>> cpuid() const override { return vcpu_->cpuid(); }
    Status set_msrs(std::span<const Msr> msrs) override { return vcpu_->set_msrs(msrs); }
    Result<Activity> activity() const override;
    Result<std::uint64_t> translate(std::uint64_t linear) const override { return vcpu_->translate(linear); }
    hv::Counters counters() const override { return vcpu_->counters(); }
    std::optional<bool> is_waiting() const override { return waiting_.load(); }

    // Something is pending at this vCPU's local APIC. From any thread.
    void kick();

  private:
    bool begin_turn();
    void end_run();
    Status take_signals();
    Status start_at(std::uint8_t page);
    bool is_idle() const;
    void wait();
    Status offer_interrupt();
    Result<Exit> enter();
    bool serve(Exit& exit, hv::ExitServer& server);
    bool serve_chip(const hv::IoExit& io);
    bool serve_chip(const hv::MmioExit& mmio);
    bool serve_chip(const hv::MsrExit& msr);
    Status tell_apic_base();

    UserIrqchipVm& vm_;
    const std::uint32_t index_;
    std::unique_ptr<kvm::Vcpu> vcpu_;
    dev::irqchip::ProcessorInterrupts& interrupts_;
    const CpuState reset_;
    // Of the vCPU's thread.
    bool parked_;  // until a start-up message
    bool halted_ = false;
    bool access_pending_ = false;  // KVM finishes its instruction at the next KVM_RUN
    std::uint64_t apic_base_ = 0;

    std::atomic<bool> waiting_{false};
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<pthread_t> thread_;  // inside run()
    bool stopped_ = false;             // interrupt() until allow_run()
    bool kicked_ = false;
};

}  // namespace nyx::kvm
