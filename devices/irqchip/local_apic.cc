// Priorities, the way to the processor, reset.
#include "devices/irqchip/local_apic.h"

#include <algorithm>

#include "devices/irqchip/apic_bus.h"

namespace nyx::dev::irqchip {

LocalApic::LocalApic(const LocalApicConfig& config, ApicBus& bus, std::uint32_t index)
    : config_(config),
      bus_(bus),
      index_(index),
      timer_(
          bus.links().clock, bus.links().timers,
          [this](std::uint64_t tsc) { return bus_.links().ns_of_tsc(index_, tsc); }, [this] { fire(kApicLvtTimer); }) {
    reset();
}

static std::uint8_t priority_class(std::uint8_t vector) {
    return vector & 0xF0;
}

// §12.8.3.1 "Task and processor priorities".
std::uint8_t LocalApic::processor_priority() const {
    std::uint8_t served = priority_class(state_.isr.highest());
    return priority_class(state_.tpr) >= served ? state_.tpr : served;
}

// §12.6.2.4, APR. The manual prints "TPR AND ISRV" where it lists what the maximum is of; it is read as that list.
std::uint8_t LocalApic::arbitration_priority() const {
    std::uint8_t requested = priority_class(state_.irr.highest());
    std::uint8_t served = priority_class(state_.isr.highest());
    std::uint8_t task = priority_class(state_.tpr);
    return task >= requested && task > served ? state_.tpr : std::max({task, served, requested});
}

std::uint8_t LocalApic::deliverable() const {
    std::uint8_t vector = state_.irr.highest();
    bool passes = on_bus() && priority_class(vector) > priority_class(processor_priority());
    return passes ? vector : 0;
}

// §12.4.3: without the APIC, LINT0 is INTR.
bool LocalApic::wants_ext_int() const {
    if (!on_bus()) return state_.lint0;
    std::uint32_t entry = lvt(kApicLvtLint0);
    bool open = !(entry & kLvtMasked) && delivery_mode(entry) == DeliveryMode::kExtInt;
    return state_.ext_int || (open && state_.lint0);
}

// A processor that waits for its start-up sees nothing else.
std::uint32_t LocalApic::signals() const {
    std::uint32_t signals = 0;
    if (state_.init) signals |= kSignalInit;
    if (state_.waiting) return signals | (state_.start_up ? kSignalStartUp : 0U);
    if (state_.nmi) signals |= kSignalNmi;
    if (state_.smi) signals |= kSignalSmi;
    if (wants_ext_int() || deliverable() != 0) signals |= kSignalInterrupt;
    return signals;
}

void LocalApic::publish() {
    std::uint32_t now = signals();
    std::uint32_t before = signals_.exchange(now, std::memory_order_acq_rel);
    if (now & ~before) bus_.links().kick(index_);
}

bool LocalApic::take(bool& latch) {
    if (state_.waiting || !latch) return false;
    latch = false;
    publish();
    return true;
}

std::uint8_t LocalApic::acknowledge() {
    if (wants_ext_int()) {
        state_.ext_int = false;
        std::uint8_t vector = bus_.links().acknowledge_ext_int();
        publish();
        return vector;
    }
    std::uint8_t vector = deliverable();
    if (vector == 0) return static_cast<std::uint8_t>(state_.svr);
    state_.irr.clear(vector);
    state_.isr.set(vector);
    publish();
    return vector;
}

void LocalApic::set_cr8(std::uint8_t value) {
    state_.tpr = static_cast<std::uint8_t>(value << 4);
    publish();
}

// §12.8.4: IRR, and TMR as the message was triggered. An illegal vector is an error, never a request.
bool LocalApic::request(std::uint8_t vector, bool level) {
    if (vector < kFirstLegalVector) {
        error(kErrorReceiveIllegalVector);
        return false;
    }
    if (!takes_vectors()) return false;
    state_.tmr.assign(vector, level);
    state_.irr.set(vector);
    publish();
    return true;
}

bool LocalApic::accept(const ApicMessage& message) {
    switch (message.mode) {
        case DeliveryMode::kFixed:
        case DeliveryMode::kLowestPriority:
            return request(message.vector, message.level);
        case DeliveryMode::kSmi:
            state_.smi = true;
            break;
        case DeliveryMode::kNmi:
            state_.nmi = true;
            break;
        case DeliveryMode::kInit:
            state_.init = true;
            state_.start_up = false;
            break;
        case DeliveryMode::kStartUp:
            if (!state_.init && !state_.waiting) return true;  // §9.4.4.1: a running processor ignores it
            state_.start_up = true;
            state_.start_page = message.vector;
            break;
        case DeliveryMode::kExtInt:
            state_.ext_int = true;
            break;
        case DeliveryMode::kReserved:
            return false;
    }
    publish();
    return true;
}

// §12.8.5 "Signaling interrupt servicing completion".
void LocalApic::end_of_interrupt() {
    std::uint8_t vector = state_.isr.highest();
    if (vector == 0) return;
    state_.isr.clear(vector);
    bool level = state_.tmr.test(vector);
    if (level) {
        std::uint32_t& lint0 = lvt(kApicLvtLint0);
        if (static_cast<std::uint8_t>(lint0) == vector) lint0 &= ~kLvtRemoteIrr;
        refresh_lint0_level();
    }
    bus_.links().eoi(vector, level && !(state_.svr & kSvrSuppressEoi));
    publish();
}

bool LocalApic::take_init() {
    if (!state_.init) return false;
    bool start_up = state_.start_up && !config_.boot_processor;
    reset_registers();
    state_.nmi = false;
    state_.smi = false;
    state_.init = false;
    state_.waiting = !config_.boot_processor;
    state_.start_up = start_up;
    publish();
    return true;
}

std::optional<std::uint8_t> LocalApic::take_start_up() {
    if (!state_.waiting || !state_.start_up) return std::nullopt;
    state_.waiting = false;
    state_.start_up = false;
    publish();
    return state_.start_page;
}

// §12.4.7.1 and §12.4.7.3: what power-on and INIT do alike.
void LocalApic::reset_registers() {
    State fresh;
    fresh.base = state_.base;
    fresh.lint0 = state_.lint0;
    fresh.lint1 = state_.lint1;
    fresh.nmi = state_.nmi;
    fresh.smi = state_.smi;
    fresh.init = state_.init;
    fresh.waiting = state_.waiting;
    fresh.start_up = state_.start_up;
    fresh.start_page = state_.start_page;
    state_ = fresh;
    mask_all_lvt();
    if (config_.boot_processor && config_.virtual_wire)
        lvt(kApicLvtLint0) = static_cast<std::uint32_t>(DeliveryMode::kExtInt) << 8;
    timer_.reset();
}

void LocalApic::reset() {
    State fresh;
    fresh.base = kApicBase | kBaseEnabled | (config_.boot_processor ? kBaseBootProcessor : 0);
    fresh.lint0 = state_.lint0;
    fresh.lint1 = state_.lint1;
    fresh.waiting = !config_.boot_processor;
    state_ = fresh;
    reset_registers();
    publish();
}

}  // namespace nyx::dev::irqchip
