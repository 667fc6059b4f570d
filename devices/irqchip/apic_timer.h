// The timer of a local APIC (SDM volume 3 §12.5.4): one-shot, periodic and TSC-deadline.
//
// The count runs at 1 GHz, so that an undivided tick is a nanosecond of the machine's clock. A periodic timer keeps its
// phase: each period starts where the last one ended, however late the host was. Periods that passed unseen, and those
// of a period shorter than kShortestAlarmNs, give one expiry together, as their interrupts would have met in one IRR
// bit. Not thread-safe: accesses and alarms come with the lock of the interrupt controllers held.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "devices/kit/services.h"

namespace nyx::dev::irqchip {

class ApicTimer {
  public:
    enum class Mode : std::uint8_t { kOneShot = 0, kPeriodic = 1, kTscDeadline = 2, kReserved = 3 };
    static constexpr std::uint64_t kShortestAlarmNs = 50'000;

    struct State {
        Mode mode = Mode::kOneShot;
        std::uint32_t initial = 0;
        std::uint8_t divide = 0;         // the divide configuration register
        std::uint32_t first = 0;         // ticks from start_ns to the first expiry; 0: stopped
        std::uint64_t start_ns = 0;      // of the present period
        std::uint64_t tsc_deadline = 0;  // 0: disarmed
    };

    // ns_of_tsc: when the processor's TSC gets to a value, in monotonic_ns() time. expired must not call back.
    ApicTimer(Clock& clock, Timers& timers, std::function<std::uint64_t(std::uint64_t tsc)> ns_of_tsc,
              std::function<void()> expired);

    // To or from TSC-deadline mode disarms the timer; between the others it runs on.
    void set_mode(Mode mode);
    Mode mode() const { return state_.mode; }
    // Starts the timer, or stops it with 0. Ignored in TSC-deadline mode.
    void set_initial_count(std::uint32_t count);
    std::uint32_t initial_count() const { return state_.initial; }
    std::uint32_t current_count() const;
    // What is left of the count runs on at the new rate.
    void set_divide(std::uint8_t value);
    std::uint8_t divide() const { return state_.divide; }

    // Ignored, and 0, in the other modes. A deadline that has passed expires at once.
    void set_tsc_deadline(std::uint64_t tsc);
    std::uint64_t tsc_deadline() const { return state_.tsc_deadline; }
    // The TSC was written: its deadline is elsewhere.
    void tsc_moved() { arm(); }

    void reset();
    const State& state() const { return state_; }
    void set_state(const State& state);
    static bool is_possible(const State& state);

  private:
    std::uint64_t divisor() const;
    bool counts() const { return state_.mode <= Mode::kPeriodic && state_.first != 0; }
    std::uint64_t expiry_ns() const { return state_.start_ns + state_.first * divisor(); }
    // Sets the alarm to the next expiry; one that has passed expires now.
    void arm();
    void expire_count(std::uint64_t now);

    Clock& clock_;
    std::function<std::uint64_t(std::uint64_t)> ns_of_tsc_;
    std::function<void()> expired_;
    std::unique_ptr<Timer> alarm_;
    State state_;
};

}  // namespace nyx::dev::irqchip
