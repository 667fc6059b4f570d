#include "devices/irqchip/i8254.h"

#include <doctest/doctest.h>

#include <random>

#include "devices/kit/fakes.h"

using namespace nyx;
using namespace nyx::dev;
using namespace nyx::dev::irqchip;

namespace {
struct Pit {
    FakeClock clock;
    FakeTimers timers{clock};
    FakeIrqLine irq0;
    bool heard = true;
    I8254 chip{clock, timers, [this](bool asserted) {
                   irq0.set(asserted);
                   return heard;
               }};

    void control(std::uint8_t value) { chip.write(kPitControlPort, value); }
    void count(unsigned counter, std::uint32_t value) {
        chip.write(kPitPort + counter, static_cast<std::uint8_t>(value));
        chip.write(kPitPort + counter, static_cast<std::uint8_t>(value >> 8));
    }
    std::uint32_t latched(unsigned counter) {
        control(static_cast<std::uint8_t>(counter << kPitSelectShift));
        std::uint32_t low = chip.read(kPitPort + counter);
        return low | static_cast<std::uint32_t>(chip.read(kPitPort + counter) << 8);
    }
    std::uint8_t port_b() { return chip.read(kPortB); }
};
constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kPulse = kSecond / kPitHz;  // rounded down
}  // namespace

TEST_CASE("8254 counter 0, 100 Hz as Linux sets it: in an hour not one tick too many or too few") {
    Pit pit;
    pit.control(0x34);
    pit.count(0, 11'932);
    int before = pit.irq0.rises;
    pit.timers.advance(3600 * kSecond);
    CHECK(pit.irq0.rises - before == 3600LL * kPitHz / 11'932);
}

TEST_CASE("8254 counter 0: the BIOS's 18.2 Hz square wave") {
    Pit pit;
    pit.control(0x36);
    pit.count(0, 0);
    int before = pit.irq0.rises;
    pit.timers.advance(10 * kSecond);
    CHECK(pit.irq0.rises - before == 182);
}

TEST_CASE("8254 counter 0: one-shots in modes 0 and 4") {
    Pit pit;
    pit.control(0x30);
    CHECK(!pit.irq0.asserted);
    pit.count(0, 1000);
    pit.timers.advance(1000 * kPulse);
    CHECK(!pit.irq0.asserted);
    pit.timers.advance(3 * kPulse);
    CHECK(pit.irq0.asserted);
    pit.count(0, 1000);
    CHECK(!pit.irq0.asserted);
    pit.timers.advance(kSecond);
    CHECK(pit.irq0.rises == 2);
    pit.control(0x38);
    pit.count(0, 1000);
    CHECK(pit.irq0.rises == 2);
    pit.timers.advance(kSecond);
    CHECK(pit.irq0.rises == 3);
}

TEST_CASE("8254: each end of an interrupt brings the next of the ticks that the host missed, and the phase is kept") {
    Pit pit;
    pit.control(0x34);
    pit.count(0, 11'932);
    int before = pit.irq0.rises;
    pit.clock.now_ns = 55'500'000;
    pit.timers.advance(0);
    for (int tick = 1; tick <= 5; ++tick) {
        CHECK(pit.irq0.rises - before == tick);
        pit.chip.ended();
    }
    pit.chip.ended();
    CHECK(pit.irq0.rises - before == 5);
    pit.timers.advance(kSecond - pit.clock.now_ns);
    CHECK(pit.irq0.rises - before == 99);
}

TEST_CASE("8254: no tick is lost to a guest that is slow to end its interrupts, and none is there twice") {
    Pit pit;
    pit.control(0x34);
    pit.count(0, 11'932);
    int before = pit.irq0.rises;
    pit.timers.advance(35'000'000);  // three ticks, each an edge when it came
    CHECK(pit.irq0.rises - before == 3);
    for (int i = 0; i < 5; ++i) pit.chip.ended();
    CHECK(pit.irq0.rises - before == 5);  // the second and third again, of which the guest saw one
}

TEST_CASE("8254: where nobody listens nothing is owed, nor is it across a new count, a control word or a reset") {
    Pit pit;
    auto owes = [&](auto between) {
        pit.control(0x34);
        pit.count(0, 11'932);
        pit.clock.now_ns += 55'500'000;
        pit.timers.advance(0);
        between();
        int before = pit.irq0.rises;
        pit.chip.ended();
        return pit.irq0.rises != before;
    };
    CHECK(owes([] {}));
    CHECK(!owes([&] { pit.control(0x34); }));
    CHECK(!owes([&] { pit.count(0, 11'932); }));
    CHECK(!owes([&] { pit.chip.reset(); }));
    CHECK(owes([&] { pit.control(0x74); }));  // another counter
    pit.heard = false;
    CHECK(!owes([&] { pit.heard = true; }));
    CHECK(owes([&] { pit.heard = false; }));
    pit.heard = true;
    int before = pit.irq0.rises;
    pit.chip.ended();
    CHECK(pit.irq0.rises == before);
}

TEST_CASE("8254: after a long stop a guest is owed kMostOwed ticks, and of a rate beyond reach one") {
    for (std::uint32_t count : {1193U, 2U}) {
        Pit pit;
        pit.control(0x34);
        pit.count(0, count);
        pit.clock.now_ns = 3600 * kSecond;
        pit.timers.advance(0);
        int before = pit.irq0.rises;
        for (std::uint32_t i = 0; i < 2 * I8254::kMostOwed; ++i) pit.chip.ended();
        CHECK(pit.irq0.rises - before == (count == 2 ? 0 : static_cast<int>(I8254::kMostOwed) - 1));
    }
}

TEST_CASE("8254: a rate beyond the host's reach makes alarms no closer than kShortestAlarmNs") {
    Pit pit;
    pit.control(0x34);
    pit.count(0, 2);
    int before = pit.irq0.rises;
    pit.timers.advance(kSecond);
    CHECK(pit.irq0.rises - before <= static_cast<int>(kSecond / I8254::kShortestAlarmNs));
    CHECK(pit.irq0.rises - before > 10'000);
}

TEST_CASE("8254: the line keeps an unacknowledged tick up to the next") {
    Pit pit;
    pit.control(0x36);
    pit.count(0, 11'932);
    pit.timers.advance(15'000'000);
    CHECK(pit.irq0.asserted);
}

TEST_CASE("8254: counting is seen in the latch, the control port reads ones, wrong ports do nothing") {
    Pit pit;
    pit.control(0x34);
    pit.count(0, 10'000);
    pit.timers.advance(1'000'000);
    CHECK(pit.latched(0) == 10'000 - 1192);
    CHECK(pit.chip.read(kPitControlPort) == 0xFF);
    pit.control(0xC2 | 0x20);
    CHECK((pit.chip.read(kPitPort) & 0x3F) == 0x34);
}

TEST_CASE("Read-back latches all three counters in one command") {
    Pit pit;
    for (unsigned i = 0; i < 3; ++i) {
        pit.control(static_cast<std::uint8_t>(i << 6 | 0x34));
        pit.count(i, 10'000);
    }
    pit.timers.advance(1'000'000);
    pit.control(0xDE);
    pit.timers.advance(1'000'000);
    CHECK(pit.chip.read(kPitPort) == pit.chip.read(kPitPort + 1));
    CHECK(pit.chip.read(kPitPort) == 8808 >> 8);
    CHECK(pit.chip.read(kPitPort + 2) == (10'000 & 0xFF));  // its GATE is low
}

TEST_CASE("Port B: Linux measures the processor with counter 2 behind GATE and OUT") {
    Pit pit;
    pit.chip.write(kPortB, kPortBGate2);
    pit.control(0xB0);
    pit.count(2, 59'659);
    CHECK((pit.port_b() & kPortBOut2) == 0);
    pit.timers.advance(49'999'000);
    CHECK((pit.port_b() & kPortBOut2) == 0);
    pit.timers.advance(3'000);
    CHECK((pit.port_b() & kPortBOut2) != 0);
    CHECK(!pit.chip.speaker_on());
    pit.chip.write(kPortB, 0xFF);
    CHECK((pit.port_b() & 0xCF) == 0x0F);
    CHECK(pit.chip.speaker_on());
}

TEST_CASE("Port B: the refresh bit toggles every 18 pulses") {
    Pit pit;
    int toggles = 0;
    for (std::uint8_t last = 0; pit.clock.now_ns < 1'000'000; pit.timers.advance(1'000)) {
        std::uint8_t now = pit.port_b() & kPortBRefresh;
        toggles += now != last;
        last = now;
    }
    CHECK(toggles == 1193 / 18);
}

TEST_CASE("8254: saved while counting, it goes on, an impossible state is refused, reset stops it") {
    Pit pit;
    pit.control(0x34);
    pit.count(0, 11'932);
    pit.timers.advance(25'000'000);
    StateWriter writer;
    pit.chip.save(writer);
    auto fields = writer.take();
    Pit other;
    other.clock.now_ns = pit.clock.now_ns;
    StateReader reader(fields);
    REQUIRE(other.chip.restore(reader));
    CHECK(other.irq0.asserted);
    CHECK(other.latched(0) == pit.latched(0));
    other.timers.advance(5'002'000);
    CHECK(other.irq0.rises == 2);
    fields[3].value[0] = 0xFF;
    StateReader bad(fields);
    CHECK(!other.chip.restore(bad));
    other.chip.reset();
    CHECK(!other.irq0.asserted);
    other.timers.advance(kSecond);
    CHECK(other.irq0.rises == 2);
}

TEST_CASE("8254: owed ticks are saved, a state without them owes none, one with too many is refused") {
    Pit pit;
    pit.control(0x34);
    pit.count(0, 11'932);
    pit.clock.now_ns = 35'000'000;
    pit.timers.advance(0);
    StateWriter writer;
    pit.chip.save(writer);
    const auto saved = writer.take();
    auto edges_of = [&](const std::vector<StateField>& fields) {
        Pit other;
        other.clock.now_ns = pit.clock.now_ns;
        StateReader reader(fields);
        REQUIRE(other.chip.restore(reader));
        int before = other.irq0.rises;
        for (int i = 0; i < 10; ++i) other.chip.ended();
        return other.irq0.rises - before;
    };
    CHECK(edges_of(saved) == 2);
    auto old = saved;
    REQUIRE(old[2].id == 3);
    old.erase(old.begin() + 2);
    CHECK(edges_of(old) == 0);
    auto bad = saved;
    store_le(bad[2].value.data(), I8254::kMostOwed + 1);
    StateReader reader(bad);
    CHECK(!pit.chip.restore(reader));
}

TEST_CASE("8254: any bytes at any time are survived, and what they leave can be saved and restored") {
    std::mt19937 random(6);
    auto below = [&](unsigned n) { return static_cast<unsigned>(random()) % n; };
    Pit pit;
    for (int i = 0; i < 20'000; ++i) {
        std::uint64_t port = below(5) == 0 ? kPortB : kPitPort + below(4);
        if (below(3) == 0)
            pit.chip.read(port);
        else
            pit.chip.write(port, static_cast<std::uint8_t>(random()));
        pit.timers.advance(below(4) ? below(20'000) : below(2'000'000));
        if (below(4) == 0) pit.chip.ended();
        if (i % 100 != 0) continue;
        StateWriter writer;
        pit.chip.save(writer);
        auto fields = writer.take();
        Pit twin;
        twin.clock.now_ns = pit.clock.now_ns;
        StateReader reader(fields);
        REQUIRE(twin.chip.restore(reader));
        StateWriter again;
        twin.chip.save(again);
        REQUIRE(again.take() == fields);
    }
}
