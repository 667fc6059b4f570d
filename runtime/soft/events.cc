// Exceptions, interrupts and what else wants attention, between two instructions.
#include "runtime/soft/cpu.h"

namespace nyx::soft {

// SDM volume 3, §17.2.3 and §17.3.1: traps, after the instruction.
void Cpu::debug_trap(std::uint64_t return_rip) {
    control.dr6 |= debug_hits_ & 0xFu;
    if (trap_) control.dr6 |= kDr6Bs;
    if ((debug_hits_ & kTaskSwitchHit) != 0) control.dr6 |= kDr6Bt;
    debug_hits_ = 0;
    trap_ = false;
    deliver_exception({kDebug, false, 0, 0, true, false}, return_rip, return_rip);
}

void Cpu::fetch_failed() {
    alone_ = false;
    ++instructions;
    deliver_exception(exception_, rip, rip);
}

// What two exceptions in a row make (SDM volume 3, table 6-5).
namespace {
bool is_contributory(std::uint8_t vector) {
    return vector == kDivideError || (vector >= kInvalidTss && vector <= kGeneralProtection);
}
bool makes_double_fault(std::uint8_t first, std::uint8_t second) {
    if (is_contributory(first)) return is_contributory(second);
    return first == kPageFault && (is_contributory(second) || second == kPageFault);
}
}  // namespace

void Cpu::deliver_exception(Exception exception, std::uint64_t fault_rip, std::uint64_t next_rip) {
    rip = fault_rip;
    if (intercept && intercept(exception)) return;
    for (;;) {
        if (exception.vector == kPageFault) control.cr2 = exception.address;
        if (exception.vector == kDebug) control.dr7 &= ~kDr7Gd;
        auto code = exception.has_error_code ? std::optional(exception.error_code) : std::nullopt;
        Event::Source source = exception.is_software ? Event::Source::kSoftware
                               : exception.is_trap   ? Event::Source::kTrap
                                                     : Event::Source::kFault;
        rip = fault_rip;
        if (deliver({exception.vector, source, code, exception.is_trap ? next_rip : fault_rip})) break;
        if (exception.vector == kDoubleFault) {
            activity = Activity::kShutdown;
            return;
        }
        if (exception_.at_new_rip) fault_rip = rip;
        if (exception_.vector == kPageFault) control.cr2 = exception_.address;
        if (makes_double_fault(exception.vector, exception_.vector))
            exception_ = {kDoubleFault, true, 0, 0, false, false};
        exception = exception_;
    }
    // Breakpoints that the delivery itself ran into.
    if (debug_hits_ != 0) debug_trap(rip);
}

void Cpu::deliver_external(std::uint8_t number) {
    const std::uint64_t at = rip;
    if (deliver({number, Event::Source::kExternal, std::nullopt, at})) {
        if (debug_hits_ != 0) debug_trap(rip);
        return;
    }
    if (!exception_.at_new_rip) rip = at;
    deliver_exception(exception_, rip, rip);
}

// False: run() returns.
bool Cpu::attend() {
    std::uint32_t reasons = wanted();
    if ((reasons & kWantBus) != 0) {
        no_attention(kWantBus);
        memory_.bus().give_way(attention_);
    }
    if ((reasons & kWantCodeLook) != 0) look_at_code();
    if ((reasons & kWantReturn) != 0) {
        no_attention(kWantReturn);
        return false;
    }
    if ((reasons & kWantInit) != 0) {
        // A start-up message seen at the same time came after it; other interrupts are lost with the state.
        no_attention(reasons & (kWantInit | kWantNmi));
        reasons &= ~static_cast<std::uint32_t>(kWantNmi);
        init();
    }
    if ((reasons & kWantSipi) != 0) {
        no_attention(kWantSipi);
        start_up();
    }
    if (activity == Activity::kWaitForSipi || activity == Activity::kShutdown || interrupt_shadow) return true;
    if ((reasons & kWantNmi) != 0 && !nmi_blocked) {
        no_attention(kWantNmi);
        nmi_blocked = true;
        deliver_external(kNmi);
    } else if ((reasons & kWantInterrupt) != 0 && (other_flags & kIf) != 0) {
        take_interrupt();
    }
    return true;
}

// The surroundings withdraw the attention when nothing is left.
void Cpu::take_interrupt() {
    auto taken = surroundings.acknowledge_interrupt();
    if (!taken) return;
    deliver_external(*taken);
}

// INIT keeps what SDM volume 3, table 9-1 says it keeps; the boot processor starts over, others wait.
void Cpu::init() {
    auto vectors = vector;
    auto fpu = x87;
    auto msrs = msr;
    auto xcr0 = control.xcr0;
    auto caching = control.cr0 & (kCr0Cd | kCr0Nw);
    reset();
    vector = vectors;
    x87 = fpu;
    msr = msrs;
    control.xcr0 = xcr0;
    control.cr0 = kCr0Et | caching;
    activity = index == 0 ? Activity::kRunning : Activity::kWaitForSipi;
}

// SIPI: real mode at the page that the vector names (SDM volume 3, §8.4.4).
void Cpu::start_up() {
    if (activity != Activity::kWaitForSipi) return;
    std::uint8_t page = sipi_vector.load();
    segments[kCs].selector = static_cast<std::uint16_t>(page << 8);
    segments[kCs].base = std::uint64_t{page} << 12;
    rip = 0;
    activity = Activity::kRunning;
    mode_changed();
}

}  // namespace nyx::soft
