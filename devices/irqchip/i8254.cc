#include "devices/irqchip/i8254.h"

#include <algorithm>
#include <utility>

namespace nyx::dev::irqchip {

static constexpr std::int64_t kNsPerSecond = 1'000'000'000;
static constexpr std::int64_t kShortestAlarm =
    static_cast<std::int64_t>(I8254::kShortestAlarmNs) * kPitHz / kNsPerSecond + 1;  // in pulses

static std::int64_t pulses_at(std::int64_t ns) {
    return ns / kNsPerSecond * kPitHz + ns % kNsPerSecond * kPitHz / kNsPerSecond;
}

// The earliest time at which pulses_at() is `pulse`.
static std::int64_t time_of(std::int64_t pulse) {
    return pulse / kPitHz * kNsPerSecond + (pulse % kPitHz * kNsPerSecond + kPitHz - 1) / kPitHz;
}

I8254::I8254(Clock& clock, Timers& timers, std::function<bool(bool)> irq0)
    : clock_(clock), irq0_(std::move(irq0)), alarm_(timers.create([this] {
          advance(now());
          arm();
      })) {
    reset();
}

std::int64_t I8254::now() const {
    return pulses_at(static_cast<std::int64_t>(clock_.monotonic_ns()));
}

void I8254::set_line(bool asserted) {
    line_ = asserted;
    irq0_(asserted);
}

bool I8254::raise_line() {
    if (line_) set_line(false);
    line_ = true;
    return irq0_(true);
}

// Counter 0's period is so short that the host cannot, and the guest should not have to, count every tick.
bool I8254::is_beyond_reach() const {
    return counters_[0].period() != 0 && counters_[0].period() < kShortestAlarm;
}

void I8254::count_ticks(std::uint64_t ticks) {
    std::uint64_t owed = is_beyond_reach() ? 1 : std::min<std::uint64_t>(owed_ + ticks, kMostOwed);
    owed_ = raise_line() ? static_cast<std::uint32_t>(owed) : 0;
}

void I8254::ended() {
    if (owed_ == 0) return;
    --owed_;
    if (owed_ != 0 && !raise_line()) owed_ = 0;
}

void I8254::advance(std::int64_t now) {
    for (unsigned i = 1; i < kPitCounters; ++i) counters_[i].advance(now);
    if (std::uint64_t ticks = counters_[0].advance(now)) count_ticks(ticks);
}

void I8254::arm() {
    std::optional<std::int64_t> event = counters_[0].next_event();
    if (!event) return alarm_->cancel();
    std::int64_t period = counters_[0].period();
    std::int64_t skipped = is_beyond_reach() ? kShortestAlarm / period * period : 0;
    std::int64_t at = time_of(*event + skipped);
    alarm_->arm(static_cast<std::uint64_t>(at));
}

// "Write operations". A control word, and a count in mode 0, take OUT somewhere at once.
void I8254::write(std::uint64_t port, std::uint8_t value) {
    std::int64_t at = now();
    advance(at);
    if (port == kPortB) return write_port_b(value, at);
    if (port == kPitControlPort) {
        write_control(value, at);
    } else if (port - kPitPort < kPitCounters) {
        PitCounter& counter = counters_[port - kPitPort];
        counter.write(value, at);
        if (port == kPitPort) owed_ = 0;
        if (port == kPitPort && counter.mode() == 0 && line_) set_line(counter.out(at));
    }
    arm();
}

void I8254::write_control(std::uint8_t value, std::int64_t at) {
    unsigned selected = value >> kPitSelectShift;
    if (selected == kPitReadBack) {
        for (unsigned i = 0; i < kPitCounters; ++i) {
            if (!(value >> (i + 1) & 1)) continue;
            if (!(value & kPitNoCount)) counters_[i].latch_count(at);
            if (!(value & kPitNoStatus)) counters_[i].latch_status(at);
        }
    } else if ((value >> kPitAccessShift & 3) == 0) {
        counters_[selected].latch_count(at);
    } else {
        counters_[selected].write_control(value, at);
        if (selected != 0) return;
        owed_ = 0;
        if (counters_[0].out(at) != line_) set_line(counters_[0].out(at));
    }
}

// The control word register cannot be read: all ones.
std::uint8_t I8254::read(std::uint64_t port) {
    std::int64_t at = now();
    advance(at);
    if (port == kPortB) return read_port_b(at);
    std::uint64_t counter = port - kPitPort;
    return counter < kPitCounters ? counters_[counter].read(at) : std::uint8_t{0xFF};
}

void I8254::write_port_b(std::uint8_t value, std::int64_t at) {
    port_b_ = value & kPortBWritable;
    counters_[2].set_gate(value & kPortBGate2, at);
}

std::uint8_t I8254::read_port_b(std::int64_t at) const {
    std::uint8_t refresh = at / kRefreshTicks % 2 ? kPortBRefresh : std::uint8_t{0};
    return static_cast<std::uint8_t>(port_b_ | refresh | (counters_[2].out(at) ? kPortBOut2 : 0));
}

void I8254::reset() {
    PitCounter::State fresh;
    fresh.checked = now();
    for (unsigned i = 0; i < kPitCounters; ++i) {
        fresh.gate = i != 2;
        counters_[i].set_state(fresh);
    }
    port_b_ = 0;
    owed_ = 0;
    alarm_->cancel();
    set_line(false);
}

// Field ids: 1 to 3, then from 32 on 32 a counter.
template <class Io, class S>
static void fields(Io& io, std::uint32_t first, S& counter) {
    io.field(first, counter.control);
    io.field(first + 1, counter.gate);
    io.field(first + 2, counter.loaded);
    io.field(first + 3, counter.is_stopped);
    io.field(first + 4, counter.count);
    io.field(first + 5, counter.start);
    io.field(first + 6, counter.stopped);
    io.field(first + 7, counter.has_next);
    io.field(first + 8, counter.next);
    io.field(first + 9, counter.next_at);
    io.field(first + 10, counter.checked);
    io.field(first + 11, counter.written_low);
    io.field(first + 12, counter.write_high);
    io.field(first + 13, counter.read_high);
    io.field(first + 14, counter.has_latch);
    io.field(first + 15, counter.latch);
    io.field(first + 16, counter.has_status);
    io.field(first + 17, counter.status);
}

void I8254::save(StateWriter& state) const {
    state.field(1, port_b_);
    state.field(2, line_);
    state.field(3, owed_);
    for (unsigned i = 0; i < kPitCounters; ++i) fields(state, 32 * (i + 1), counters_[i].state());
}

Status I8254::restore(StateReader& state) {
    std::uint8_t port_b = 0;
    bool line = false;
    std::uint32_t owed = 0;  // of a state from before ticks were owed
    std::array<PitCounter::State, kPitCounters> states;
    state.field(1, port_b);
    state.field(2, line);
    state.field(3, owed);
    for (unsigned i = 0; i < kPitCounters; ++i) fields(state, 32 * (i + 1), states[i]);
    NYX_TRY(state.finish());
    std::array<PitCounter, kPitCounters> counters;
    bool fits = owed <= kMostOwed && !(port_b & ~kPortBWritable) && states[0].gate && states[1].gate &&
                states[2].gate == ((port_b & kPortBGate2) != 0);
    for (unsigned i = 0; i < kPitCounters; ++i) fits = counters[i].set_state(states[i]) && fits;
    if (!fits) return fail(ErrorCode::kCorrupt, "saved state: no 8254 can be in it");
    counters_ = counters;
    port_b_ = port_b;
    owed_ = owed;
    set_line(line);
    arm();
    return {};
}

}  // namespace nyx::dev::irqchip
