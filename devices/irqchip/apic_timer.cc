#include "devices/irqchip/apic_timer.h"

#include <algorithm>
#include <utility>

#include "devices/irqchip/apic_spec.h"

namespace nyx::dev::irqchip {

ApicTimer::ApicTimer(Clock& clock, Timers& timers, std::function<std::uint64_t(std::uint64_t)> ns_of_tsc,
                     std::function<void()> expired)
    : clock_(clock),
      ns_of_tsc_(std::move(ns_of_tsc)),
      expired_(std::move(expired)),
      alarm_(timers.create([this] { arm(); })) {}

// Figure 12-10 "Divide configuration register": bits 3, 1 and 0 are the power of two less one; 111 is by 1.
std::uint64_t ApicTimer::divisor() const {
    unsigned bits = (state_.divide & 3U) | (state_.divide >> 1 & 4U);
    return std::uint64_t{1} << ((bits + 1) % 8);
}

void ApicTimer::arm() {
    alarm_->cancel();
    std::uint64_t now = clock_.monotonic_ns();
    if (state_.mode == Mode::kTscDeadline && state_.tsc_deadline != 0) {
        std::uint64_t due = ns_of_tsc_(state_.tsc_deadline);
        if (due > now) return alarm_->arm(due);
        state_.tsc_deadline = 0;
        expired_();
    } else if (counts()) {
        if (expiry_ns() <= now) expire_count(now);
        if (!counts()) return;
        std::uint64_t period = state_.mode == Mode::kPeriodic ? state_.initial * divisor() : kShortestAlarmNs;
        std::uint64_t skipped = period < kShortestAlarmNs ? kShortestAlarmNs / period * period : 0;
        alarm_->arm(expiry_ns() + skipped);
    }
}

void ApicTimer::expire_count(std::uint64_t now) {
    if (state_.mode == Mode::kPeriodic) {
        std::uint64_t period = state_.initial * divisor();
        state_.start_ns = now - (now - expiry_ns()) % period;
        state_.first = state_.initial;
    } else {
        state_.first = 0;
    }
    expired_();
}

std::uint32_t ApicTimer::current_count() const {
    if (!counts()) return 0;
    std::uint64_t ticks = (clock_.monotonic_ns() - state_.start_ns) / divisor();
    if (ticks < state_.first) return static_cast<std::uint32_t>(state_.first - ticks);
    if (state_.mode == Mode::kOneShot) return 0;
    return static_cast<std::uint32_t>(state_.initial - (ticks - state_.first) % state_.initial);
}

void ApicTimer::set_initial_count(std::uint32_t count) {
    if (state_.mode == Mode::kTscDeadline) return;
    arm();  // an expiry that is due comes before what replaces it
    state_.initial = count;
    state_.first = count;
    state_.start_ns = clock_.monotonic_ns();
    arm();
}

void ApicTimer::set_divide(std::uint8_t value) {
    arm();
    std::uint32_t left = current_count();
    state_.divide = value & kDivideWritable;
    state_.first = left;
    state_.start_ns = clock_.monotonic_ns();
    arm();
}

void ApicTimer::set_mode(Mode mode) {
    if (mode == state_.mode) return;
    if (mode == Mode::kTscDeadline || state_.mode == Mode::kTscDeadline) {
        state_.initial = 0;
        state_.first = 0;
        state_.tsc_deadline = 0;
    }
    state_.mode = mode;
    arm();
}

void ApicTimer::set_tsc_deadline(std::uint64_t tsc) {
    if (state_.mode != Mode::kTscDeadline) return;
    state_.tsc_deadline = tsc;
    arm();
}

void ApicTimer::reset() {
    state_ = {};
    alarm_->cancel();
}

void ApicTimer::set_state(const State& state) {
    state_ = state;
    arm();
}

bool ApicTimer::is_possible(const State& state) {
    bool deadline_fits = state.tsc_deadline == 0 || state.mode == Mode::kTscDeadline;
    bool count_fits = state.first <= state.initial && state.start_ns < std::uint64_t{1} << 62 &&
                      (state.mode != Mode::kTscDeadline || state.initial == 0);
    return state.mode <= Mode::kReserved && !(state.divide & ~kDivideWritable) && deadline_fits && count_fits;
}

}  // namespace nyx::dev::irqchip
