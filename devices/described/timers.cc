#include "devices/described/timers.h"

#include <algorithm>

#include "runtime/base/bytes.h"

namespace nyx::dev::described {

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kLongest = std::uint64_t{1} << 62;  // ns, 146 years; sums of two fit
constexpr std::uint64_t kFar = kLongest / 2;                // ns: what ends then or later only counts
constexpr std::uint64_t kShortest = 1000;                   // ns: a timer that arms itself again leaves time for others
constexpr std::uint32_t kFirstId = 0x10000;                 // in a saved state, above the ids of fields

__extension__ using Wide = unsigned __int128;

std::uint64_t scaled(std::uint64_t value, std::uint64_t by, std::uint64_t over, std::uint64_t rounding = 0) {
    const Wide wide = (static_cast<Wide>(value) * by + rounding) / over;
    return wide > kLongest ? kLongest : static_cast<std::uint64_t>(wide);
}

// scaled(ns, hertz, kSecond), without a division of 128 bits where the seconds and their parts fit in 64.
std::uint64_t ticks_of(std::uint64_t ns, std::uint64_t hertz) {
    constexpr std::uint64_t kSlow = kLongest / (~std::uint64_t{0} / kSecond + 1);
    if (hertz > kSlow) return scaled(ns, hertz, kSecond);
    return ns / kSecond * hertz + ns % kSecond * hertz / kSecond;
}

}  // namespace

TimerSet::TimerSet(const ir::Program& program, Clock& clock, Timers& timers, std::function<void(std::uint32_t)> ended)
    : clock_(clock), timers_(program.timers.size()) {
    for (std::uint32_t i = 0; i < timers_.size(); ++i) {
        timers_[i].id = program.timers[i].id;
        timers_[i].hertz = program.timers[i].hertz;
        timers_[i].alarm = timers.create([this, i, ended] {
            timers_[i].runs = false;
            ended(i);
        });
    }
}

void TimerSet::One::start(std::uint64_t ns) {
    runs = true;
    start_ns = ns;
    start_ticks = ticks_of(ns, hertz);
}

// Ticks stand at the same times for every timer of one rate, whenever it is armed: what one arms after another loses no
// part of a tick. It ends at the first nanosecond of its tick.
void TimerSet::arm(std::uint32_t timer, std::uint64_t ticks) {
    One& one = timers_[timer];
    one.start(clock_.monotonic_ns());
    const std::uint64_t end = one.start_ticks + std::min(ticks, kLongest);
    one.end_ns = std::max(scaled(end, kSecond, one.hertz, one.hertz - 1), one.start_ns + kShortest);
    set_alarm(one);
}

// A machine that waits for the next alarm of a device must not wait for one that no guest lives to see.
void TimerSet::set_alarm(One& one) {
    if (one.end_ns < kFar)
        one.alarm->arm(one.end_ns);
    else
        one.alarm->cancel();
}

void TimerSet::cancel(std::uint32_t timer) {
    if (!timers_[timer].runs) return;  // whose alarm is not armed
    timers_[timer].runs = false;
    timers_[timer].alarm->cancel();
}

void TimerSet::cancel_all() {
    for (std::uint32_t i = 0; i < timers_.size(); ++i) cancel(i);
}

std::uint64_t TimerSet::elapsed(std::uint32_t timer) const {
    const One& one = timers_[timer];
    const std::uint64_t now = clock_.monotonic_ns();
    if (!one.runs) return 0;
    if (one.start_ns > now) return ticks_of(now - one.start_ns, one.hertz);  // restored, on a younger clock
    return ticks_of(now, one.hertz) - one.start_ticks;
}

void TimerSet::save(StateWriter& state) const {
    const std::uint64_t now = clock_.monotonic_ns();
    for (const One& one : timers_) {
        Bytes bytes;
        if (one.runs) {
            bytes.resize(16);
            store_le(bytes.data(), now - one.start_ns);
            store_le(bytes.data() + 8, one.end_ns > now ? one.end_ns - now : 0);
        }
        state.bytes(kFirstId + one.id, std::move(bytes));
    }
}

std::vector<TimerSet::Saved> TimerSet::read(StateReader& state) const {
    std::vector<Saved> all(timers_.size());
    for (std::size_t i = 0; i < timers_.size(); ++i) {
        const std::uint32_t id = kFirstId + timers_[i].id;
        const Bytes* bytes = state.bytes(id);
        if (bytes == nullptr || bytes->empty()) continue;
        if (bytes->size() != 16) {
            state.refuse(id, "is no timer");
            continue;
        }
        all[i] = {true, load_le<std::uint64_t>(bytes->data()), load_le<std::uint64_t>(bytes->data() + 8)};
        if (std::max(all[i].elapsed_ns, all[i].remaining_ns) > kLongest) state.refuse(id, "runs for too long");
    }
    return all;
}

void TimerSet::start(const std::vector<Saved>& saved) {
    cancel_all();
    const std::uint64_t now = clock_.monotonic_ns();
    for (std::size_t i = 0; i < timers_.size(); ++i) {
        if (!saved[i].runs) continue;
        // The clock of another host may be younger than the timer: the difference wraps, as elapsed() does back.
        timers_[i].start(now - saved[i].elapsed_ns);
        timers_[i].end_ns = now + saved[i].remaining_ns;
        set_alarm(timers_[i]);
    }
}

}  // namespace nyx::dev::described
