// A software CPU as a vCPU: it runs on the caller's thread and reaches devices by exits. run() sleeps while the CPU is
// halted; run_for() executes so many instructions and never sleeps.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "devices/irqchip/processor_interrupts.h"
#include "runtime/hv/hypervisor.h"
#include "runtime/soft/cpu.h"
#include "runtime/soft/surroundings.h"
#include "runtime/soft/vm/cpuid_model.h"

namespace nyx::soft {

class Vm;

class Vcpu final : public hv::Vcpu, public hv::CountedVcpu, public Surroundings {
  public:
    Vcpu(Vm& vm, std::uint32_t index, std::span<const hv::CpuidEntry> cpuid);
    ~Vcpu() override;

    Result<hv::Exit> run(hv::ExitServer& server) override;
    void interrupt() override;
    void allow_run() override;
    Result<hv::CpuState> state() const override;
    Status set_state(const hv::CpuState& state) override;
    Result<std::vector<hv::CpuidEntry>> cpuid() const override;
    Status set_msrs(std::span<const hv::Msr> msrs) override;
    Result<hv::Activity> activity() const override;
    Result<std::uint64_t> translate(std::uint64_t linear) const override;
    hv::Counters counters() const override;
    std::optional<bool> is_waiting() const override { return waiting_.load(); }
    hv::CountedVcpu* counted() override { return this; }

    std::optional<hv::Exit> run_for(hv::ExitServer& server, std::uint64_t instructions) override;
    void yield() override;
    std::uint64_t executed() const override { return cpu_->instructions; }
    bool can_run() const override;
    void forget_derived() override;
    dev::StateUnit save() const override;
    Status restore(const dev::StateUnit& unit) override;

    // Something is pending at this CPU's local APIC. From any thread.
    void kick();
    std::uint64_t ns_of_tsc(std::uint64_t tsc) const;

  private:
    void publish_counts();
    void read_port(std::uint16_t port, std::span<std::uint8_t> data) override;
    void write_port(std::uint16_t port, std::span<const std::uint8_t> data) override;
    void read_mmio(std::uint64_t address, std::span<std::uint8_t> data) override;
    void write_mmio(std::uint64_t address, std::span<const std::uint8_t> data) override;
    std::optional<std::uint8_t> acknowledge_interrupt() override;
    std::uint64_t task_priority() override;
    void set_task_priority(std::uint64_t priority) override;
    std::optional<std::uint64_t> read_apic_msr(std::uint32_t index) override;
    bool write_apic_msr(std::uint32_t index, std::uint64_t value) override;
    std::uint64_t random() override;
    std::uint64_t tsc() override;

    bool is_chip_port(std::uint16_t port) const;
    void look_at_interrupts();
    void wait();

    Vm& vm_;
    std::vector<hv::CpuidEntry> table_;
    dev::irqchip::ProcessorInterrupts& interrupts_;
    std::unique_ptr<Cpu> cpu_;
    hv::ExitServer* server_ = nullptr;  // of the run() that goes on
    std::atomic<std::uint64_t> executed_{0}, regions_{0}, executed_compiled_{0};
    std::atomic<bool> waiting_{false};
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopped_ = false;  // interrupt() until allow_run()
    bool kicked_ = false;
    bool yielded_ = false;  // of run_for()
};

}  // namespace nyx::soft
