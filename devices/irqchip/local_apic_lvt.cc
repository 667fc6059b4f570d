// §12.5 "Handling local interrupts": the local vector table, its two pins, and errors.
#include "devices/irqchip/local_apic.h"

namespace nyx::dev::irqchip {

// Bits of the entry that software sets (figure 12-8).
std::uint32_t LocalApic::lvt_writable(std::uint32_t reg) const {
    constexpr std::uint32_t kAll = kLvtVector | kLvtMasked;
    switch (reg) {
        case kApicLvtTimer:
            return kAll | (config_.tsc_deadline ? kLvtTimerMode : 1U << kLvtTimerModeShift);
        case kApicLvtLint0:
        case kApicLvtLint1:
            return kAll | kLvtMode | kLvtActiveLow | kLvtLevel;
        case kApicLvtError:
            return kAll;
        default:
            return kAll | kLvtMode;
    }
}

static bool is_fixed_level(std::uint32_t entry) {
    return (entry & kLvtLevel) && delivery_mode(entry) == DeliveryMode::kFixed;
}

// §12.4.7.2: while the APIC is software-disabled every mask is set and stays so.
void LocalApic::write_lvt(std::uint32_t reg, std::uint32_t value) {
    std::uint32_t& entry = lvt(reg);
    value &= lvt_writable(reg);
    if (!(state_.svr & kSvrEnabled)) value |= kLvtMasked;
    if (is_fixed_level(value)) value |= entry & kLvtRemoteIrr;
    entry = value;
    if (reg == kApicLvtTimer) timer_.set_mode(static_cast<ApicTimer::Mode>(value >> kLvtTimerModeShift & 3));
    if (reg == kApicLvtLint0) refresh_lint0_level();
    publish();
}

void LocalApic::mask_all_lvt() {
    for (std::uint32_t& entry : state_.lvt) entry |= kLvtMasked;
}

// An event of this entry happened. The mode bits of timer and error are always 0, which is fixed.
void LocalApic::fire(std::uint32_t reg) {
    std::uint32_t entry = lvt(reg);
    if (entry & kLvtMasked) return;
    DeliveryMode mode = delivery_mode(entry);
    if (mode == DeliveryMode::kLowestPriority || mode == DeliveryMode::kStartUp) return;  // §12.5.1: not for the LVT
    accept({.mode = mode, .vector = static_cast<std::uint8_t>(entry)});
}

// §12.5.1: a level-triggered LINT0 asks again after each end of its interrupt. LINT1 knows edges only.
void LocalApic::refresh_lint0_level() {
    std::uint32_t& entry = lvt(kApicLvtLint0);
    bool waits = state_.lint0 && is_fixed_level(entry) && !(entry & (kLvtMasked | kLvtRemoteIrr));
    if (waits && request(static_cast<std::uint8_t>(entry), true)) entry |= kLvtRemoteIrr;
}

// ExtINT follows the pin (wants_ext_int); the other modes want an edge, fixed an edge or a level.
void LocalApic::set_lint0(bool asserted) {
    bool rises = asserted && !state_.lint0;
    state_.lint0 = asserted;
    std::uint32_t entry = lvt(kApicLvtLint0);
    if (on_bus() && is_fixed_level(entry)) {
        refresh_lint0_level();
    } else if (on_bus() && rises && delivery_mode(entry) != DeliveryMode::kExtInt) {
        fire(kApicLvtLint0);
    }
    publish();
}

// §12.4.3: without the APIC, LINT1 is NMI.
void LocalApic::set_lint1(bool asserted) {
    bool rises = asserted && !state_.lint1;
    state_.lint1 = asserted;
    if (!rises) return;
    if (on_bus()) return fire(kApicLvtLint1);
    state_.nmi = true;
    publish();
}

// §12.5.3: the first error since the last write of ESR interrupts; that write arms it again.
void LocalApic::error(std::uint8_t bit) {
    bool is_first = state_.errors == 0;
    state_.errors |= bit;
    if (is_first) fire(kApicLvtError);
}

}  // namespace nyx::dev::irqchip
