// A software CPU's state, as hypervisors give and take it and as recordings save it.
#include "runtime/soft/msr.h"
#include "runtime/soft/vm/saved_cpu.h"
#include "runtime/soft/vm/state_layout.h"
#include "runtime/soft/vm/vcpu.h"
#include "runtime/soft/vm/vm.h"

namespace nyx::soft {

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

}  // namespace nyx::soft
