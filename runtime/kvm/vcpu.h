// One vCPU: run it, look at it, change it.
//
// run() and everything that touches registers belong to one thread at a time: that of the vCPU while it runs, any other
// while it is parked. interrupt() may come from any thread at any time: the run() that goes on, or else the next one,
// comes back with InterruptedExit until allow_run() is called. Errors say what to do (ioctl.cc).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/base/file.h"
#include "runtime/base/result.h"
#include "runtime/kvm/cpuid.h"
#include "runtime/kvm/exit.h"
#include "runtime/kvm/registers.h"
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

class Vcpu {
  public:
    // Takes the descriptor that KVM_CREATE_VCPU gave.
    static Result<Vcpu> adopt(Fd fd, std::size_t page_size, std::uint32_t index);

    // Until the next exit. The Exit's views are valid until the next run().
    Result<Exit> run();
    // Finishes the instruction of the last Io or Mmio exit without running another. Anything but InterruptedExit is one
    // more exit of the same instruction, to be handled like one of run(). Leaves the vCPU interrupted.
    Result<Exit> complete();
    // Makes run() return. The thread inside it must also be sent a signal that has a handler.
    void interrupt();
    void allow_run();

    Result<CpuState> state() const;
    Status set_state(const CpuState& state);
    Status set_cpuid(std::span<const CpuidEntry> entries);
    // What KVM made of it: the guest sees this.
    Result<std::vector<CpuidEntry>> cpuid() const;
    // kUnsupported names the first MSR that KVM refused; those before it are set.
    Status set_msrs(std::span<const Msr> msrs);
    Result<Activity> activity() const;
    // Guest-physical address of a linear one by the vCPU's page tables; kNotFound where nothing is mapped.
    Result<std::uint64_t> translate(std::uint64_t linear) const;
    Result<Stats> stats() const;
    std::uint32_t index() const { return index_; }

  private:
    Fd fd_;
    RunPage page_;
    std::uint32_t index_ = 0;
};

}  // namespace nyx::kvm
