#include "devices/irqchip/pit_counter.h"

#include <algorithm>

namespace nyx::dev::irqchip {

// "Mode definitions": modes 6 and 7 are 2 and 3.
unsigned PitCounter::mode() const {
    unsigned bits = state_.control >> 1 & 7U;
    return bits > 5 ? bits - 4 : bits;
}

// 0 is the greatest count: 2^16, or 10^4 in BCD.
std::uint32_t PitCounter::count_of(std::uint16_t raw) const {
    if (!(state_.control & kPitBcd)) return raw == 0 ? 0x10000U : raw;
    if (raw == 0) return 10'000;
    return (raw >> 12) * 1000U + (raw >> 8 & 15U) * 100U + (raw >> 4 & 15U) * 10U + (raw & 15U);
}

// Pulses since the count was loaded; negative: it is yet to be.
std::int64_t PitCounter::elapsed(std::int64_t now) const {
    return state_.is_stopped ? state_.stopped : now - state_.start;
}

bool PitCounter::out(std::int64_t now) const {
    std::int64_t count = state_.count;
    std::int64_t at = state_.loaded ? elapsed(now) : -1;
    if (at < 0) return mode() != 0;
    switch (mode()) {
        case 0:
            return at >= count;
        case 1:
            return at >= count;
        case 2:
            return state_.is_stopped || at % count != count - 1;
        case 3:
            return state_.is_stopped || at % count < high_half(state_.count);
        default:
            return at != count;
    }
}

// In mode 3 the counter goes down by two, twice a period; an odd count begins one below.
std::uint16_t PitCounter::current(std::int64_t now) const {
    std::int64_t count = state_.count;
    std::int64_t at = state_.loaded ? std::max<std::int64_t>(elapsed(now), 0) : 0;
    std::int64_t wrap = state_.control & kPitBcd ? 10'000 : 0x10000;
    std::int64_t value = 0;
    if (mode() == 2) {
        value = count == 0 ? 0 : count - at % count;
    } else if (mode() == 3 && count != 0) {
        std::int64_t half = at % count;
        if (half >= high_half(state_.count)) half -= high_half(state_.count);
        value = count - count % 2 - 2 * half;
    } else {
        value = ((count - at) % wrap + wrap) % wrap;
    }
    value %= wrap;
    if (!(state_.control & kPitBcd)) return static_cast<std::uint16_t>(value);
    return static_cast<std::uint16_t>(value / 1000 << 12 | value / 100 % 10 << 8 | value / 10 % 10 << 4 | value % 10);
}

std::uint32_t PitCounter::period() const {
    return is_periodic() && state_.loaded && !state_.is_stopped ? state_.count : 0;
}

std::optional<std::int64_t> PitCounter::next_rise(std::int64_t after) const {
    if (!state_.loaded || state_.is_stopped) return std::nullopt;
    std::int64_t count = state_.count;
    if (is_periodic()) {
        if (count < 2) return std::nullopt;
        std::int64_t periods = std::max<std::int64_t>(after - state_.start, 0) / count;
        return state_.start + (periods + 1) * count;
    }
    std::int64_t rise = state_.start + count + (mode() >= 4 ? 1 : 0);
    return rise > after ? std::optional(rise) : std::nullopt;
}

std::optional<std::int64_t> PitCounter::next_event() const {
    std::optional<std::int64_t> rise = next_rise(state_.checked);
    if (!is_periodic() || !state_.has_next || state_.is_stopped) return rise;
    return rise ? std::min(*rise, state_.next_at) : state_.next_at;
}

std::uint64_t PitCounter::rises(std::int64_t after, std::int64_t until) const {
    std::optional<std::int64_t> rise = next_rise(after);
    if (!rise || *rise > until) return 0;
    return 1 + (is_periodic() ? static_cast<std::uint64_t>(until - *rise) / state_.count : 0);
}

std::uint64_t PitCounter::advance(std::int64_t now) {
    std::uint64_t rose = 0;
    if (is_periodic() && state_.has_next && !state_.is_stopped && now >= state_.next_at) {
        rose = rises(state_.checked, state_.next_at);
        state_.checked = state_.next_at;
        load_next();
    }
    rose += rises(state_.checked, now);
    state_.checked = now;
    return rose;
}

void PitCounter::load(std::uint32_t count, std::int64_t at) {
    state_.loaded = true;
    state_.has_next = false;
    state_.count = count;
    state_.start = at;
    state_.stopped = 0;
}

// "Mode 3": a new count takes effect at the end of the half period; if that was the high one, the low one follows.
void PitCounter::load_next() {
    bool ends_high = mode() == 3 && (state_.next_at - state_.start) % state_.count != 0;
    std::int64_t at = state_.next_at;
    load(state_.next, ends_high ? at - high_half(state_.next) : at);
}

void PitCounter::set_gate(bool gate, std::int64_t now) {
    bool rises = gate && !state_.gate;
    bool falls = !gate && state_.gate;
    state_.gate = gate;
    if (is_triggered()) {
        if (rises && state_.has_next)
            load(state_.next, now + 1);
        else if (rises && state_.loaded)
            load(state_.count, now + 1);
    } else if (falls && state_.loaded) {
        state_.stopped = std::max<std::int64_t>(elapsed(now), 0);
        state_.is_stopped = true;
    } else if (rises && state_.is_stopped) {
        state_.is_stopped = false;
        if (is_periodic()) return load(state_.has_next ? state_.next : state_.count, now + 1);
        state_.start = now - state_.stopped;
    }
}

}  // namespace nyx::dev::irqchip
