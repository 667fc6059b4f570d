#include "runtime/soft/vm/vcpu.h"

#include <algorithm>

#include "runtime/soft/msr.h"
#include "runtime/soft/vm/saved_cpu.h"
#include "runtime/soft/vm/state_layout.h"
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

std::uint64_t value_of(std::span<const std::uint8_t> data) {
    std::uint64_t value = 0;
    std::memcpy(&value, data.data(), data.size());
    return value;
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

void Vcpu::forget_derived() {
    vm_.memory().forget_all_code();
    cpu_->forget_derived();
}

dev::StateUnit Vcpu::save() const {
    return save_cpu(*cpu_);
}

Status Vcpu::restore(const dev::StateUnit& unit) {
    vm_.memory().forget_all_code();
    return restore_cpu(unit, *cpu_);
}

bool Vcpu::is_chip_port(std::uint16_t port) const {
    return std::ranges::any_of(vm_.irq_chip().ports(), [port](Range range) { return range.contains(port); });
}

void Vcpu::read_port(std::uint16_t port, std::span<std::uint8_t> data) {
    const auto width = static_cast<std::uint8_t>(data.size());
    if (is_chip_port(port)) {
        std::uint64_t value = vm_.irq_chip().read_port(port, width);
        std::memcpy(data.data(), &value, data.size());
        return;
    }
    hv::Exit exit = hv::IoExit{false, port, width, 1, data};
    (void)server_->serve(exit);
}

void Vcpu::write_port(std::uint16_t port, std::span<const std::uint8_t> data) {
    const auto width = static_cast<std::uint8_t>(data.size());
    if (is_chip_port(port)) return vm_.irq_chip().write_port(port, width, value_of(data));
    std::array<std::uint8_t, 4> copy{};
    std::ranges::copy(data, copy.begin());
    hv::Exit exit = hv::IoExit{true, port, width, 1, std::span(copy).first(data.size())};
    (void)server_->serve(exit);
}

void Vcpu::read_mmio(std::uint64_t address, std::span<std::uint8_t> data) {
    if (auto value = vm_.irq_chip().read_mmio(cpu_->index, address, static_cast<std::uint8_t>(data.size()))) {
        std::memcpy(data.data(), &*value, data.size());
        return;
    }
    hv::Exit exit = hv::MmioExit{false, address, data};
    (void)server_->serve(exit);
}

void Vcpu::write_mmio(std::uint64_t address, std::span<const std::uint8_t> data) {
    const auto width = static_cast<std::uint8_t>(data.size());
    if (vm_.irq_chip().write_mmio(cpu_->index, address, width, value_of(data))) return;
    std::array<std::uint8_t, 8> copy{};
    std::ranges::copy(data, copy.begin());
    hv::Exit exit = hv::MmioExit{true, address, std::span(copy).first(data.size())};
    (void)server_->serve(exit);
}

std::optional<std::uint8_t> Vcpu::acknowledge_interrupt() {
    auto taken = interrupts_.take_interrupt();
    look_at_interrupts();
    return taken;
}

std::uint64_t Vcpu::task_priority() {
    return interrupts_.cr8();
}

void Vcpu::set_task_priority(std::uint64_t priority) {
    interrupts_.set_cr8(static_cast<std::uint8_t>(priority));
}

std::optional<std::uint64_t> Vcpu::read_apic_msr(std::uint32_t index) {
    return interrupts_.read_msr(index);
}

bool Vcpu::write_apic_msr(std::uint32_t index, std::uint64_t value) {
    return interrupts_.write_msr(index, value);
}

std::uint64_t Vcpu::random() {
    return vm_.random();
}

std::uint64_t Vcpu::tsc() {
    return vm_.tsc();
}

std::uint64_t Vcpu::ns_of_tsc(std::uint64_t tsc) const {
    return tsc - static_cast<std::uint64_t>(cpu_->msr.tsc_offset);
}

Result<hv::CpuState> Vcpu::state() const {
    hv::CpuState state = to_hv(*cpu_);
    state.system.cr8 = interrupts_.cr8();
    return state;
}

Status Vcpu::set_state(const hv::CpuState& state) {
    from_hv(state, *cpu_);
    interrupts_.set_cr8(static_cast<std::uint8_t>(state.system.cr8));
    return {};
}

Result<std::vector<hv::CpuidEntry>> Vcpu::cpuid() const {
    return table_;
}

Status Vcpu::set_msrs(std::span<const hv::Msr> msrs) {
    for (const hv::Msr& msr : msrs)
        if (!write_msr(*cpu_, msr.index, msr.value))
            return fail(ErrorCode::kUnsupported, "the software CPU has no MSR {:#x} with this value", msr.index);
    return {};
}

Result<hv::Activity> Vcpu::activity() const {
    switch (cpu_->activity) {
        case soft::Activity::kRunning:
            return hv::Activity::kRunnable;
        case soft::Activity::kHalted:
            return hv::Activity::kHalted;
        case soft::Activity::kWaitForSipi:
            return hv::Activity::kUninitialized;
        case soft::Activity::kShutdown:
            break;
    }
    return hv::Activity::kOther;
}

Result<std::uint64_t> Vcpu::translate(std::uint64_t linear) const {
    auto physical = cpu_->peek(linear);
    if (!physical) return fail(ErrorCode::kNotFound, "nothing is mapped at {:#x}", linear);
    return *physical;
}

hv::Counters Vcpu::counters() const {
    return {{"instructions", executed_.load(std::memory_order_relaxed)},
            {"compiled regions", regions_.load(std::memory_order_relaxed)},
            {"compiled instructions", executed_compiled_.load(std::memory_order_relaxed)}};
}

}  // namespace nyx::soft
