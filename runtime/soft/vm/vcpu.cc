#include "runtime/soft/vm/vcpu.h"

#include "runtime/soft/vm/vm.h"

namespace nyx::soft {

using namespace dev::irqchip;

namespace {

// Between two looks at the number of executed instructions.
constexpr std::uint64_t kSlice = 1 << 20;

std::vector<CpuidLeaf> leaves_of(std::span<const hv::CpuidEntry> cpuid) {
    std::vector<CpuidLeaf> leaves;
    for (const hv::CpuidEntry& e : cpuid)
        leaves.push_back({e.leaf, e.subleaf, e.subleaf_matters, e.eax, e.ebx, e.ecx, e.edx});
    return leaves;
}

}  // namespace

Vcpu::Vcpu(Vm& vm, std::uint32_t index, std::span<const hv::CpuidEntry> cpuid)
    : vm_(vm),
      table_(cpuid.begin(), cpuid.end()),
      interrupts_(vm.irq_chip().processor(index)),
      cpu_(std::make_unique<Cpu>(vm.memory(), *this, leaves_of(cpuid), index)) {
    vm.set_up_tier(*cpu_);
    if (index != 0) cpu_->activity = Activity::kWaitForSipi;
}

Vcpu::~Vcpu() {
    vm_.forget(cpu_->index);
}

void Vcpu::kick() {
    {
        std::lock_guard guard(mutex_);
        kicked_ = true;
    }
    cpu_->attention(kWantReturn);
    changed_.notify_one();
}

void Vcpu::interrupt() {
    {
        std::lock_guard guard(mutex_);
        stopped_ = true;
    }
    cpu_->attention(kWantReturn);
    changed_.notify_one();
}

void Vcpu::allow_run() {
    std::lock_guard guard(mutex_);
    stopped_ = false;
}

// From the local APIC's latches to the CPU's.
void Vcpu::look_at_interrupts() {
    const std::uint32_t pending = interrupts_.pending();
    if ((pending & kSignalInit) != 0 && interrupts_.take_init()) cpu_->attention(kWantInit);
    if ((pending & kSignalNmi) != 0 && interrupts_.take_nmi()) cpu_->attention(kWantNmi);
    if ((pending & kSignalStartUp) != 0) {
        if (auto page = interrupts_.take_start_up()) {
            cpu_->sipi_vector = *page;
            cpu_->attention(kWantSipi);
        }
    }
    if ((pending & kSignalInterrupt) != 0)
        cpu_->attention(kWantInterrupt);
    else
        cpu_->no_attention(kWantInterrupt);
}

// Until a kick or interrupt().
void Vcpu::wait() {
    std::unique_lock lock(mutex_);
    waiting_ = true;
    changed_.wait(lock, [this] { return kicked_ || stopped_; });
    waiting_ = false;
}

Result<hv::Exit> Vcpu::run(hv::ExitServer& server) {
    server_ = &server;
    for (;;) {
        {
            std::lock_guard guard(mutex_);
            if (stopped_) return hv::InterruptedExit{};
            kicked_ = false;
            // A kick from here on sets both again. Left standing, it would keep run() from what the kick was about.
            cpu_->no_attention(kWantReturn);
        }
        look_at_interrupts();
        cpu_->run(kSlice);
        publish_counts();
        if (cpu_->activity == soft::Activity::kShutdown) return hv::ShutdownExit{};
        if (cpu_->activity != soft::Activity::kRunning) wait();
    }
}

std::optional<hv::Exit> Vcpu::run_for(hv::ExitServer& server, std::uint64_t instructions) {
    server_ = &server;
    yielded_ = false;
    const std::uint64_t end = cpu_->instructions + instructions;
    while (cpu_->instructions < end && !yielded_ && can_run()) {
        cpu_->no_attention(kWantReturn);
        look_at_interrupts();
        cpu_->run(end - cpu_->instructions);
        if (cpu_->activity == soft::Activity::kShutdown) return hv::ShutdownExit{};
    }
    publish_counts();
    return std::nullopt;
}

void Vcpu::publish_counts() {
    executed_.store(cpu_->instructions, std::memory_order_relaxed);
    const Regions::Counts compiled = cpu_->region_counts();
    regions_.store(compiled.regions, std::memory_order_relaxed);
    executed_compiled_.store(compiled.instructions, std::memory_order_relaxed);
}

void Vcpu::yield() {
    yielded_ = true;
    cpu_->attention(kWantReturn);
}

// What ends each state: SDM volume 3, §9.1.1 and §9.4.4; volume 2, HLT.
bool Vcpu::can_run() const {
    const std::uint32_t pending = interrupts_.pending(), wanted = cpu_->wanted();
    const bool has_init = (pending & kSignalInit) != 0 || (wanted & kWantInit) != 0;
    switch (cpu_->activity) {
        case soft::Activity::kRunning:
            return true;
        case soft::Activity::kHalted:
            return has_init || ((pending & kSignalInterrupt) != 0 && (cpu_->other_flags & kIf) != 0) ||
                   (((pending & kSignalNmi) != 0 || (wanted & kWantNmi) != 0) && !cpu_->nmi_blocked);
        case soft::Activity::kWaitForSipi:
            return has_init || (pending & kSignalStartUp) != 0 || (wanted & kWantSipi) != 0;
        case soft::Activity::kShutdown:
            break;
    }
    return false;
}

}  // namespace nyx::soft
