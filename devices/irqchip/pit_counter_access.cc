// What software writes to a counter and reads from it.
#include "devices/irqchip/pit_counter.h"

namespace nyx::dev::irqchip {

// "Programming the 8254": a control word resets the counter's logic; OUT goes to its first state, counting waits.
void PitCounter::write_control(std::uint8_t control, std::int64_t now) {
    State fresh;
    fresh.control = control & kPitControlMask;
    fresh.gate = state_.gate;
    fresh.checked = now;
    state_ = fresh;
}

static unsigned access_of(std::uint8_t control) {
    return control >> kPitAccessShift & 3U;
}

// "Mode 0": the first of two bytes stops the counting and takes OUT low.
void PitCounter::write(std::uint8_t value, std::int64_t now) {
    switch (access_of(state_.control)) {
        case kPitLow:
            return write_count(value, now);
        case kPitHigh:
            return write_count(static_cast<std::uint16_t>(value << 8), now);
        default:
            break;
    }
    if (state_.write_high) {
        state_.write_high = false;
        return write_count(static_cast<std::uint16_t>(value << 8 | state_.written_low), now);
    }
    state_.written_low = value;
    state_.write_high = true;
    if (mode() == 0) state_.loaded = false;
}

void PitCounter::write_count(std::uint16_t raw, std::int64_t now) {
    std::uint32_t count = count_of(raw);
    bool waits = is_triggered() || (is_periodic() && state_.loaded);
    if (!waits) {
        load(count, now + 1);
        state_.is_stopped = !state_.gate;
        return;
    }
    state_.has_next = true;
    state_.next = count;
    if (!is_periodic()) return;
    std::int64_t at = now - state_.start;
    std::int64_t period = state_.count;
    std::int64_t high = high_half(state_.count);
    if (at < 0) {
        load(count, state_.start);  // the pulse that loads the first is still to come
    } else if (mode() == 3 && at % period < high) {
        state_.next_at = now - at % period + high;
    } else {
        state_.next_at = now - at % period + period;
    }
}

// "Counter latch command": what is latched stays until it is read.
void PitCounter::latch_count(std::int64_t now) {
    if (state_.has_latch) return;
    state_.latch = current(now);
    state_.has_latch = true;
}

// "Read-back command", figure "Status byte". Null count: what was written is not yet in the counter.
void PitCounter::latch_status(std::int64_t now) {
    if (state_.has_status) return;
    bool is_null = !state_.loaded || state_.has_next || elapsed(now) < 0;
    state_.status =
        static_cast<std::uint8_t>((out(now) ? kPitOut : 0) | (is_null ? kPitNullCount : 0) | state_.control);
    state_.has_status = true;
}

// The status goes before a latched count, and that before the running one.
std::uint8_t PitCounter::read(std::int64_t now) {
    if (state_.has_status) {
        state_.has_status = false;
        return state_.status;
    }
    std::uint16_t value = state_.has_latch ? state_.latch : current(now);
    unsigned access = access_of(state_.control);
    bool both = access != kPitLow && access != kPitHigh;
    bool high = both ? state_.read_high : access == kPitHigh;
    if (both) state_.read_high = !state_.read_high;
    if (!both || high) state_.has_latch = false;
    return static_cast<std::uint8_t>(high ? value >> 8 : value);
}

// The limits keep every sum of pulses far from overflow.
bool PitCounter::set_state(const State& state) {
    constexpr std::int64_t kMany = std::int64_t{1} << 52;  // over a century
    auto is_time = [](std::int64_t pulse) { return pulse > -kMany && pulse < kMany; };
    auto is_count = [](std::uint32_t count) { return count >= 1 && count <= 0x10000; };
    bool fits = !(state.control & ~kPitControlMask) && (!state.loaded || is_count(state.count)) &&
                (!state.has_next || is_count(state.next)) && is_time(state.start) && is_time(state.next_at) &&
                state.stopped >= 0 && is_time(state.stopped) && state.checked >= 0 && is_time(state.checked);
    State old = state_;
    state_ = state;
    bool waits = !state.has_next || is_triggered() || state.loaded;
    if (fits && waits) return true;
    state_ = old;
    return false;
}

}  // namespace nyx::dev::irqchip
