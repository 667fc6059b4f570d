#include "tests/equivalence/reference/rtc/clock_chip.h"

namespace nyx::dev::rtc {

template <class Io, class S>
void ClockChip::fields(Io& io, S& state) {
    io.field(1, state.index);
    io.field(2, state.ram);
    io.field(3, state.offset_s);
    io.field(4, state.phase_ns);
    io.field(5, state.stopped_s);
    io.field(6, state.weekday_shift);
    io.field(7, state.checked_ns);
}

// The limits keep every sum of times far from overflow, and hold for whatever a guest can set (years 0 to 9999).
bool ClockChip::valid(const State& state) {
    constexpr std::int64_t kManySeconds = std::int64_t{1} << 38;
    auto within = [](std::int64_t value, std::int64_t limit) { return value >= -limit && value <= limit; };
    bool registers_fit = state.index <= kIndexMask && !(state.ram[kRegisterA] & kUip) &&
                         (state.ram[kRegisterC] & ~kEnables) == 0 && state.weekday_shift < 7;
    bool times_fit = within(state.offset_s, kManySeconds) && within(state.stopped_s, kManySeconds) &&
                     state.phase_ns >= 0 && state.phase_ns < kNsPerSecond &&
                     within(state.checked_ns, std::int64_t{1} << 62);
    return registers_fit && times_fit;
}

void ClockChip::save(StateWriter& writer) const {
    State now = up_to_date();
    fields(writer, now);
}

Status ClockChip::restore(StateReader& reader) {
    State next;
    next.ram = state_.ram;
    fields(reader, next);
    NYX_TRY(reader.finish());
    if (!valid(next)) return fail(ErrorCode::kCorrupt, "saved state: no MC146818A can be in it");
    state_ = next;
    refresh();
    return {};
}

}  // namespace nyx::dev::rtc
