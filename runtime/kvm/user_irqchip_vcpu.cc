#include "runtime/kvm/user_irqchip_vcpu.h"

#include <algorithm>
#include <csignal>
#include <cstring>

#include "runtime/hv/kick_signal.h"
#include "runtime/kvm/linux_kvm.h"
#include "runtime/kvm/user_irqchip_vm.h"

namespace nyx::kvm {

using namespace dev::irqchip;

Result<std::unique_ptr<UserIrqchipVcpu>> UserIrqchipVcpu::create(UserIrqchipVm& vm, std::uint32_t index,
                                                                 std::unique_ptr<kvm::Vcpu> vcpu) {
    NYX_ASSIGN(CpuState reset, vcpu->state());
    auto made = std::make_unique<UserIrqchipVcpu>(vm, index, std::move(vcpu), reset);
    NYX_TRY(made->tell_apic_base());
    return made;
}

UserIrqchipVcpu::UserIrqchipVcpu(UserIrqchipVm& vm, std::uint32_t index, std::unique_ptr<kvm::Vcpu> vcpu,
                                 const CpuState& reset)
    : vm_(vm),
      index_(index),
      vcpu_(std::move(vcpu)),
      interrupts_(vm.irq_chip().processor(index)),
      reset_(reset),
      parked_(index != 0) {}

UserIrqchipVcpu::~UserIrqchipVcpu() {
    vm_.forget(index_);
}

static void leave_soon(kvm_run& page, bool now) {
    std::atomic_ref<std::uint8_t>(page.immediate_exit).store(now);
}

// immediate_exit first: a thread on its way into KVM_RUN sees that, one that is inside the signal.
void UserIrqchipVcpu::kick() {
    std::lock_guard guard(mutex_);
    kicked_ = true;
    leave_soon(vcpu_->page(), true);
    if (thread_ && ::pthread_equal(*thread_, ::pthread_self()) == 0) ::pthread_kill(*thread_, hv::kick_signal());
    changed_.notify_one();
}

void UserIrqchipVcpu::interrupt() {
    std::lock_guard guard(mutex_);
    stopped_ = true;
    leave_soon(vcpu_->page(), true);
    changed_.notify_one();
}

void UserIrqchipVcpu::allow_run() {
    std::lock_guard guard(mutex_);
    stopped_ = false;
}

// A kick from here on is seen. True: run() is to return.
bool UserIrqchipVcpu::begin_turn() {
    std::lock_guard guard(mutex_);
    thread_ = ::pthread_self();
    kicked_ = false;
    leave_soon(vcpu_->page(), stopped_);
    return stopped_;
}

void UserIrqchipVcpu::end_run() {
    std::lock_guard guard(mutex_);
    thread_.reset();
}

// SDM volume 3, §9.4.3 and §9.4.4: after a start-up message CS is page:0000, the rest as INIT leaves it.
Status UserIrqchipVcpu::start_at(std::uint8_t page) {
    CpuState state = reset_;
    state.system.cs.selector = static_cast<std::uint16_t>(page << 8);
    state.system.cs.base = std::uint64_t{page} << 12;
    state.general.rip = 0;
    parked_ = false;
    return set_state(state);
}

// Between two instructions only.
Status UserIrqchipVcpu::take_signals() {
    const std::uint32_t pending = interrupts_.pending();
    if ((pending & kSignalInit) != 0 && interrupts_.take_init()) {
        halted_ = false;
        parked_ = index_ != 0;
        NYX_TRY(set_state(reset_));
    }
    if (parked_)
        if (auto page = interrupts_.take_start_up()) NYX_TRY(start_at(*page));
    if (!parked_ && (pending & kSignalNmi) != 0 && interrupts_.take_nmi()) {
        halted_ = false;
        NYX_TRY(vcpu_->inject_nmi());
    }
    // HLT with interrupts off waits for more than one.
    if ((interrupts_.pending() & kSignalInterrupt) != 0 && vcpu_->page().if_flag != 0) halted_ = false;
    return {};
}

bool UserIrqchipVcpu::is_idle() const {
    return parked_ || halted_;
}

// Until a kick or interrupt().
void UserIrqchipVcpu::wait() {
    std::unique_lock lock(mutex_);
    waiting_ = true;
    changed_.wait(lock, [this] { return kicked_ || stopped_; });
    waiting_ = false;
}

// One at a time, when KVM says that the guest takes it; it exits when it does (Linux, Documentation/virt/kvm/api.rst,
// KVM_INTERRUPT and request_interrupt_window).
Status UserIrqchipVcpu::offer_interrupt() {
    kvm_run& page = vcpu_->page();
    const bool is_pending = (interrupts_.pending() & kSignalInterrupt) != 0;
    if (is_pending && page.ready_for_interrupt_injection != 0)
        if (auto vector = interrupts_.take_interrupt()) NYX_TRY(vcpu_->inject_interrupt(*vector));
    page.request_interrupt_window = (interrupts_.pending() & kSignalInterrupt) != 0;
    return {};
}

// What the guest shares with its local APIC goes in and comes out: CR8, and IA32_APIC_BASE, which KVM writes itself.
Result<Exit> UserIrqchipVcpu::enter() {
    kvm_run& page = vcpu_->page();
    const std::uint8_t priority = interrupts_.cr8();
    page.cr8 = priority;
    NYX_ASSIGN(Exit exit, vcpu_->run_once());
    if (page.cr8 != priority) interrupts_.set_cr8(static_cast<std::uint8_t>(page.cr8));
    if (page.apic_base != apic_base_) {
        apic_base_ = page.apic_base;
        (void)interrupts_.write_msr(kMsrApicBase, apic_base_);
    }
    return exit;
}

bool UserIrqchipVcpu::serve_chip(const hv::IoExit& io) {
    auto& chip = vm_.irq_chip();
    if (std::ranges::none_of(chip.ports(), [&](Range range) { return range.contains(io.port); })) return false;
    for (std::size_t at = 0; at < io.data.size(); at += io.width) {
        std::uint64_t value = 0;
        std::memcpy(&value, &io.data[at], io.width);
        if (io.is_write) {
            chip.write_port(io.port, io.width, value);
        } else {
            value = chip.read_port(io.port, io.width);
            std::memcpy(&io.data[at], &value, io.width);
        }
    }
    return true;
}

bool UserIrqchipVcpu::serve_chip(const hv::MmioExit& mmio) {
    auto& chip = vm_.irq_chip();
    const auto width = static_cast<std::uint8_t>(mmio.data.size());
    std::uint64_t value = 0;
    if (mmio.is_write) {
        std::memcpy(&value, mmio.data.data(), width);
        return chip.write_mmio(index_, mmio.address, width, value);
    }
    auto read = chip.read_mmio(index_, mmio.address, width);
    if (read) std::memcpy(mmio.data.data(), &*read, width);
    return read.has_value();
}

// KVM has refused it, and gives the guest a #GP where we do too (api.rst, KVM_EXIT_X86_RDMSR).
bool UserIrqchipVcpu::serve_chip(const hv::MsrExit& msr) {
    if (msr.index - kFirstX2ApicMsr >= kX2ApicMsrs) return false;
    *msr.error = 0;
    if (msr.is_write) {
        *msr.error = interrupts_.write_msr(msr.index, *msr.value) ? 0 : 1;
    } else if (const auto value = interrupts_.read_msr(msr.index)) {
        *msr.value = *value;
    } else {
        *msr.error = 1;
    }
    return true;
}

bool UserIrqchipVcpu::serve(Exit& exit, hv::ExitServer& server) {
    access_pending_ = std::holds_alternative<hv::IoExit>(exit) || std::holds_alternative<hv::MmioExit>(exit) ||
                      std::holds_alternative<hv::MsrExit>(exit);
    if (const auto* io = std::get_if<hv::IoExit>(&exit); io != nullptr && serve_chip(*io)) return true;
    if (const auto* mmio = std::get_if<hv::MmioExit>(&exit); mmio != nullptr && serve_chip(*mmio)) return true;
    if (const auto* msr = std::get_if<hv::MsrExit>(&exit); msr != nullptr && serve_chip(*msr)) return true;
    if (std::holds_alternative<hv::HaltExit>(exit)) halted_ = true;
    const auto* other = std::get_if<hv::UnknownExit>(&exit);
    const bool is_ours =
        std::holds_alternative<hv::HaltExit>(exit) || std::holds_alternative<hv::IrqWindowExit>(exit) ||
        std::holds_alternative<hv::InterruptedExit>(exit) || (other != nullptr && other->reason == KVM_EXIT_SET_TPR);
    return is_ours || server.serve(exit);
}

Result<Exit> UserIrqchipVcpu::run(hv::ExitServer& server) {
    struct AtEnd {
        UserIrqchipVcpu& vcpu;
        ~AtEnd() { vcpu.end_run(); }
    } at_end{*this};
    for (;;) {
        const bool stop = begin_turn();
        if (!access_pending_) {
            if (stop) return hv::InterruptedExit{};
            NYX_TRY(take_signals());
            if (is_idle()) {
                wait();
                continue;
            }
        } else if ((interrupts_.pending() & (kSignalInit | kSignalNmi)) != 0) {
            leave_soon(vcpu_->page(), true);
        }
        NYX_TRY(offer_interrupt());
        NYX_ASSIGN(Exit exit, enter());
        if (!serve(exit, server)) return exit;
    }
}

// KVM switches modes by itself, as the same rules let it, but for what was restored or reset here.
Status UserIrqchipVcpu::tell_apic_base() {
    const std::uint64_t base = interrupts_.read_msr(kMsrApicBase).value_or(0);
    if (base == apic_base_) return {};
    NYX_TRY(vcpu_->set_apic_base(base));
    apic_base_ = base;
    return {};
}

Status UserIrqchipVcpu::set_state(const CpuState& state) {
    NYX_TRY(vcpu_->set_state(state));
    NYX_TRY(tell_apic_base());
    interrupts_.set_cr8(static_cast<std::uint8_t>(state.system.cr8));
    return {};
}

// KVM knows nothing of it.
Result<Activity> UserIrqchipVcpu::activity() const {
    if (parked_) return Activity::kUninitialized;
    return halted_ ? Activity::kHalted : Activity::kRunnable;
}

}  // namespace nyx::kvm
