#include "tests/equivalence/reference/rtc/clock_chip.h"

#include <algorithm>
#include <limits>

#include "devices/kit/register_table.h"

namespace nyx::dev::rtc {

static constexpr Register kRegisters[] = {
    {"INDEX", 0, kIndexPort, 1, RegisterKind::kWriteOnly},
    {"DATA", 0, kDataPort},
};

static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
static constexpr std::int64_t kSecondsPerDay = 86'400;

ClockChip::ClockChip(const Config& config, const Environment& environment)
    : line_(*environment.lines[0]),
      clock_(environment.clock),
      timer_(environment.timers.create([this] { refresh(); })) {
    state_.ram = firmware_ram(config);
    state_.checked_ns = base_ns();
}

std::span<const Register> ClockChip::registers() const {
    return kRegisters;
}

std::uint32_t ClockChip::select(const Access& access, bool is_write) const {
    return find_register(kRegisters, access, is_write);
}

// "RESET": clears the enables, SQWE and the flags, nothing else. The index latch is the board's.
void ClockChip::reset() {
    state_.index = 0;
    state_.ram[kRegisterB] &= static_cast<std::uint8_t>(~(kEnables | kSqwe));
    catch_up();
    state_.ram[kRegisterC] = 0;
    refresh();
}

std::uint8_t ClockChip::read_byte(std::uint32_t, std::uint64_t offset) {
    return offset == kDataPort ? read_indexed() : 0xFF;
}

void ClockChip::write_byte(std::uint32_t, std::uint64_t offset, std::uint8_t value) {
    if (offset == kIndexPort) {
        state_.index = value & kIndexMask;
    } else {
        write_indexed(value);
    }
}

std::uint8_t ClockChip::read_indexed() {
    std::uint8_t index = state_.index;
    if (is_time_register(index)) return read_register(calendar(), index, b());
    switch (index) {
        case kRegisterA: {
            bool updating = running() && floor_mod(base_ns(), kNsPerSecond) >= kNsPerSecond - kUpdateNs;
            return updating ? a() | kUip : a();
        }
        case kRegisterC:
            return take_flags();
        case kRegisterD:
            return kVrt;
        default:
            return state_.ram[index];
    }
}

void ClockChip::write_indexed(std::uint8_t value) {
    std::uint8_t index = state_.index;
    if (index == kRegisterC || index == kRegisterD) return;
    catch_up();
    if (is_time_register(index)) {
        Calendar time = calendar();
        write_register(time, index, value, b());
        set_calendar(time);
    } else if (index == kRegisterA) {
        write_register_a(value);
    } else if (index == kRegisterB) {
        write_register_b(value);
    } else {
        state_.ram[index] = value;
    }
    refresh();
}

void ClockChip::write_register_a(std::uint8_t value) {
    bool was_running = running();
    bool was_reset = (a() & kDividerReset) == kDividerReset;
    if (was_running && (value & kDividerMask) != kDividerRun) stop();
    state_.ram[kRegisterA] = value & static_cast<std::uint8_t>(~kUip);
    if (!was_running && running()) start(was_reset);
}

// "SET": 1 stops updates and clears UIE.
void ClockChip::write_register_b(std::uint8_t value) {
    bool was_running = running();
    if (value & kSet) value &= static_cast<std::uint8_t>(~kUie);
    if (was_running && (value & kSet)) stop();
    state_.ram[kRegisterB] = value;
    if (!was_running && running()) start(false);
}

std::uint8_t ClockChip::take_flags() {
    refresh();
    std::uint8_t flags = state_.ram[kRegisterC];
    state_.ram[kRegisterC] = 0;
    refresh();
    return (flags & b() & kEnables) ? flags | kIrqf : flags;
}

std::int64_t ClockChip::base_ns() const {
    return clock_.wall_ns() + state_.phase_ns;
}

std::int64_t ClockChip::calendar_seconds(std::int64_t base_ns) const {
    return floor_div(base_ns, kNsPerSecond) + state_.offset_s;
}

Calendar ClockChip::calendar() const {
    Calendar now = calendar_of(running() ? calendar_seconds(base_ns()) : state_.stopped_s);
    now.weekday = (now.weekday - 1 + state_.weekday_shift) % 7 + 1;
    return now;
}

void ClockChip::set_calendar(const Calendar& wanted) {
    std::int64_t seconds = seconds_of(wanted);
    state_.weekday_shift = static_cast<std::uint8_t>((wanted.weekday - calendar_of(seconds).weekday + 7) % 7);
    state_.stopped_s = seconds;
    state_.offset_s = seconds - floor_div(base_ns(), kNsPerSecond);
}

void ClockChip::stop() {
    state_.stopped_s = calendar_seconds(base_ns());
}

// "Divider control": the first update comes half a second after the divider is let go.
void ClockChip::start(bool divider_was_reset) {
    if (divider_was_reset)
        state_.phase_ns = floor_mod(kNsPerSecond / 2 - floor_mod(clock_.wall_ns(), kNsPerSecond), kNsPerSecond);
    state_.checked_ns = base_ns();
    state_.offset_s = state_.stopped_s - floor_div(base_ns(), kNsPerSecond);
}

// Table 5: the periodic rate in ticks of 32.768 kHz; 0: none. Rates 1 and 2 are those of 8 and 9.
std::int64_t ClockChip::period_ticks() const {
    int rate = a() & kRateMask;
    if (rate == 0) return 0;
    if (rate <= 2) rate += 7;
    return std::int64_t{1} << (rate - 1);
}

static std::int64_t ticks_at(std::int64_t ns) {
    return floor_div(ns, kNsPerSecond) * kTicksPerSecond + floor_mod(ns, kNsPerSecond) * kTicksPerSecond / kNsPerSecond;
}

// The earliest time at which ticks_at() is `tick`.
static std::int64_t time_of(std::int64_t tick) {
    std::int64_t rest = floor_mod(tick, kTicksPerSecond) * kNsPerSecond;
    return floor_div(tick, kTicksPerSecond) * kNsPerSecond + (rest + kTicksPerSecond - 1) / kTicksPerSecond;
}

// Base time of the first event after `after_ns` that sets this flag of register C, or kNever.
std::int64_t ClockChip::next_event(std::uint8_t flag, std::int64_t after_ns) const {
    if (!running()) return kNever;
    std::int64_t second = floor_div(after_ns, kNsPerSecond);
    if (flag == kUf) return (second + 1) * kNsPerSecond;
    if (flag == kPf) {
        std::int64_t period = period_ticks();
        return period == 0 ? kNever : time_of((floor_div(ticks_at(after_ns), period) + 1) * period);
    }
    Alarm alarm{state_.ram[kSecondsAlarm], state_.ram[kMinutesAlarm], state_.ram[kHoursAlarm]};
    std::int64_t ahead = seconds_to_alarm(alarm, b(), floor_mod(second + state_.offset_s, kSecondsPerDay));
    return ahead == 0 ? kNever : (second + ahead) * kNsPerSecond;
}

ClockChip::State ClockChip::up_to_date() const {
    State now = state_;
    now.checked_ns = base_ns();  // goes back too, when the host's clock was set back
    for (std::uint8_t flag : {kPf, kAf, kUf}) {
        bool is_set = (now.ram[kRegisterC] & flag) != 0;
        if (!is_set && next_event(flag, state_.checked_ns) <= now.checked_ns) now.ram[kRegisterC] |= flag;
    }
    return now;
}

void ClockChip::catch_up() {
    state_ = up_to_date();
}

void ClockChip::refresh() {
    catch_up();
    line_.set((state_.ram[kRegisterC] & b() & kEnables) != 0);
    std::int64_t next = kNever;
    for (std::uint8_t flag : {kPf, kAf, kUf}) {
        bool waited_for = (b() & flag) && !(state_.ram[kRegisterC] & flag);
        if (waited_for) next = std::min(next, next_event(flag, state_.checked_ns));
    }
    if (next == kNever) return timer_->cancel();
    timer_->arm(clock_.monotonic_ns() + static_cast<std::uint64_t>(next - state_.checked_ns));
}

}  // namespace nyx::dev::rtc
