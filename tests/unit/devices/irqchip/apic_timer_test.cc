// § are those of the SDM, volume 3, chapter 12. One tick of the undivided timer is a nanosecond.
#include <doctest/doctest.h>

#include "tests/unit/devices/irqchip/apic_fixture.h"

using namespace nyx;
using namespace nyx::dev;
using namespace nyx::dev::irqchip;

namespace {
constexpr std::uint32_t kByOne = 0xB;
constexpr std::uint32_t kPeriodic = 1U << kLvtTimerModeShift;
constexpr std::uint32_t kDeadline = 2U << kLvtTimerModeShift;

struct Timed : Apics {
    explicit Timed(std::uint32_t mode = 0) {
        enable();
        set(kApicDivide, kByOne);
        set(kApicLvtTimer, mode | 0x40);
    }
    // How often the timer has interrupted since the last time; 0 or 1.
    int taken() {
        if (!(pending() & kSignalInterrupt)) return 0;
        CHECK(apic().acknowledge() == 0x40);
        eoi();
        return 1;
    }
};
}  // namespace

TEST_CASE("12.5.4: one-shot counts down, interrupts once and stays at 0") {
    Timed apics;
    apics.set(kApicInitialCount, 100'000);
    apics.timers.advance(40'000);
    CHECK(apics.get(kApicCurrentCount) == 60'000);
    CHECK(apics.get(kApicInitialCount) == 100'000);
    apics.timers.advance(59'999);
    CHECK(apics.taken() == 0);
    apics.timers.advance(1);
    CHECK(apics.taken() == 1);
    CHECK(apics.get(kApicCurrentCount) == 0);
    apics.timers.advance(1'000'000);
    CHECK(apics.taken() == 0);
    apics.set(kApicInitialCount, 100'000);
    apics.set(kApicInitialCount, 0);
    apics.timers.advance(1'000'000);
    CHECK(apics.taken() == 0);
}

TEST_CASE("Figure 12-10: all eight divisors") {
    const std::pair<std::uint32_t, std::uint32_t> divisors[] = {{0x0, 2},  {0x1, 4},  {0x2, 8},   {0x3, 16},
                                                                {0x8, 32}, {0x9, 64}, {0xA, 128}, {0xB, 1}};
    for (auto [code, divisor] : divisors) {
        Timed apics;
        apics.set(kApicDivide, code);
        CHECK(apics.get(kApicDivide) == code);
        apics.set(kApicInitialCount, 1000);
        apics.timers.advance(1000 * divisor - 1);
        CHECK(apics.get(kApicCurrentCount) == 1);
        CHECK(apics.taken() == 0);
        apics.timers.advance(1);
        CHECK(apics.taken() == 1);
    }
}

TEST_CASE("12.5.4: a new divisor takes over what is left of the count") {
    Timed apics;
    apics.set(kApicInitialCount, 100'000);
    apics.timers.advance(50'000);
    apics.set(kApicDivide, 0);
    CHECK(apics.get(kApicCurrentCount) == 50'000);
    apics.timers.advance(99'999);
    CHECK(apics.taken() == 0);
    apics.timers.advance(1);
    CHECK(apics.taken() == 1);
}

TEST_CASE("12.5.4: periodic reloads, a thousand periods later there is no drift") {
    Timed apics(kPeriodic);
    std::uint64_t start = apics.clock.now_ns;
    apics.set(kApicInitialCount, 333'333);
    int ticks = 0;
    for (int i = 0; i < 1000; ++i) {
        apics.timers.advance(*apics.timers.next_deadline() - apics.clock.now_ns);
        ticks += apics.taken();
    }
    CHECK(ticks == 1000);
    CHECK(apics.clock.now_ns == start + 1000ULL * 333'333);
    apics.timers.advance(33'333);
    CHECK(apics.get(kApicCurrentCount) == 300'000);
}

TEST_CASE("Periodic: periods that the host missed are one interrupt, and the phase is kept") {
    Timed apics(kPeriodic);
    std::uint64_t start = apics.clock.now_ns;
    apics.set(kApicInitialCount, 100'000);
    apics.clock.now_ns = start + 350'000;
    CHECK(apics.get(kApicCurrentCount) == 50'000);
    apics.timers.advance(0);
    CHECK(apics.taken() == 1);
    CHECK(apics.timers.next_deadline() == start + 400'000);
}

TEST_CASE("An expiry that the host is late with is not lost to what software writes next") {
    for (std::uint32_t reg : {kApicInitialCount, kApicDivide}) {
        Timed apics;
        apics.set(kApicInitialCount, 100'000);
        apics.clock.now_ns += 100'000;
        apics.set(reg, reg == kApicDivide ? 0xA : 500'000);
        CHECK(apics.taken() == 1);
        apics.timers.advance(400'000);
        CHECK(apics.taken() == 0);
    }
}

TEST_CASE("Periodic: a period too short for the host has alarms further apart, on its own boundaries") {
    Timed apics(kPeriodic);
    std::uint64_t start = apics.clock.now_ns;
    apics.set(kApicInitialCount, 7);
    for (int i = 0; i < 20; ++i) {
        std::uint64_t next = *apics.timers.next_deadline();
        CHECK(next >= apics.clock.now_ns + ApicTimer::kShortestAlarmNs - 7);
        CHECK((next - start) % 7 == 0);
        apics.timers.advance(next - apics.clock.now_ns);
        CHECK(apics.taken() == 1);
    }
}

TEST_CASE("12.5.1: a masked timer counts without interrupting, its mode can change while it runs") {
    Timed apics(kLvtMasked);
    apics.set(kApicInitialCount, 100'000);
    apics.timers.advance(60'000);
    apics.set(kApicLvtTimer, kPeriodic | 0x40);
    CHECK(apics.get(kApicCurrentCount) == 40'000);
    apics.timers.advance(40'000);
    CHECK(apics.taken() == 1);
    apics.set(kApicLvtTimer, kPeriodic | kLvtMasked | 0x40);
    apics.timers.advance(100'000);
    CHECK(apics.taken() == 0);
    apics.set(kApicLvtTimer, 0x40);
    apics.timers.advance(100'000);
    CHECK(apics.taken() == 1);
    apics.timers.advance(100'000);
    CHECK(apics.taken() == 0);
}

TEST_CASE("12.5.4.1: TSC-deadline interrupts at its value, then reads 0, a past one does so at once") {
    Timed apics(kDeadline);
    LocalApic& apic = apics.apic();
    std::uint64_t deadline = (apics.clock.now_ns + 10'000) * kTscPerNs;
    CHECK(apic.write_msr(kMsrTscDeadline, deadline));
    CHECK(apic.read_msr(kMsrTscDeadline) == deadline);
    apics.set(kApicInitialCount, 5);
    CHECK(apics.get(kApicInitialCount) == 0);
    CHECK(apics.get(kApicCurrentCount) == 0);
    apics.timers.advance(9'999);
    CHECK(apics.taken() == 0);
    apics.timers.advance(1);
    CHECK(apics.taken() == 1);
    CHECK(apic.read_msr(kMsrTscDeadline) == 0);
    apic.write_msr(kMsrTscDeadline, 1);
    CHECK(apics.taken() == 1);
    apic.write_msr(kMsrTscDeadline, (apics.clock.now_ns + 10'000) * kTscPerNs);
    apic.write_msr(kMsrTscDeadline, 0);
    apics.timers.advance(20'000);
    CHECK(apics.taken() == 0);
}

TEST_CASE("12.5.4.1: the deadline counts in its own mode only, and changing the mode disarms") {
    Timed apics;
    LocalApic& apic = apics.apic();
    CHECK(apic.write_msr(kMsrTscDeadline, 1));
    CHECK(apic.read_msr(kMsrTscDeadline) == 0);
    CHECK(apics.taken() == 0);
    apics.set(kApicInitialCount, 50'000);
    apics.set(kApicLvtTimer, kDeadline | 0x40);
    apic.write_msr(kMsrTscDeadline, (apics.clock.now_ns + 10'000) * kTscPerNs);
    apics.set(kApicLvtTimer, 0x40);
    apics.timers.advance(1'000'000);
    CHECK(apics.taken() == 0);
    auto config = Apics::plain(1);
    config[0].tsc_deadline = false;
    Apics old(config);
    CHECK(!old.apic().read_msr(kMsrTscDeadline));
    CHECK(!old.apic().write_msr(kMsrTscDeadline, 0));
    old.enable().set(kApicLvtTimer, kDeadline | 0x40);
    CHECK(old.get(kApicLvtTimer) == 0x40);
}

TEST_CASE("Local APIC: saved with its timer running, it goes on where it was") {
    Timed apics(kPeriodic);
    apics.set(kApicInitialCount, 100'000);
    apics.timers.advance(30'000);
    apics.fixed(0x52, true);
    apics.apic().acknowledge();
    StateWriter writer;
    apics.apic().save(writer);
    auto fields = writer.take();
    Apics other;
    other.clock.now_ns = apics.clock.now_ns;
    StateReader reader(fields);
    REQUIRE(other.apic().restore(reader));
    for (std::uint32_t reg = kApicId; reg <= kApicDivide; ++reg) CHECK(other.get(reg) == apics.get(reg));
    other.eoi();
    CHECK(other.eois.size() == 1);
    other.timers.advance(70'000);
    CHECK(other.apic().acknowledge() == 0x40);
    for (std::size_t field : {0U, 4U, 18U}) {
        auto bad = fields;
        bad[field].value[0] = 0xFF;
        bad[field].value[1] = 0xFF;
        StateReader bad_reader(bad);
        CHECK(!other.apic().restore(bad_reader));
    }
}
