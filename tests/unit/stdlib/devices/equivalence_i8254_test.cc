// The 8254 of the catalog beside the C++ class that machines use: the same accesses at the same times give the same
// reads and ticks, with saves and restores on the way.
#include <doctest/doctest.h>

#include <array>

#include "devices/irqchip/i8254.h"
#include "rig.h"

using namespace nyx;
using namespace nyx::dev::irqchip;
using stdlib::kSeeds;
using stdlib::kSteps;
using stdlib::Random;
using stdlib::Rig;

namespace {

// What a guest might write to the 8254: all kinds of control words, counts that are not too short for counter 0.
struct PitWrite {
    std::uint64_t port;
    std::uint8_t value;
};
PitWrite pit_write(Random& random) {
    const std::uint64_t port = std::array<std::uint64_t, 6>{0x40, 0x41, 0x42, 0x43, 0x43, 0x61}[random.below(6)];
    auto value = static_cast<std::uint8_t>(random.next());
    if (port == 0x40) value |= 1;
    if (port == 0x43 && random.below(3) != 0) value = static_cast<std::uint8_t>((value & 0xCE) | 0x30);
    return {port, value};
}

struct BothTimers {
    dev::FakeClock clock;
    dev::FakeTimers timers{clock};
    dev::FakeIrqLine irq0;
    // Nobody listens, and so no tick is owed: the model in Nyx has no backlog.
    I8254 model{clock, timers, [this](bool level) {
                    irq0.set(level);
                    return false;
                }};
    Rig rig{"i8254"};

    void out(std::uint64_t port, std::uint64_t value) {
        model.write(port, static_cast<std::uint8_t>(value));
        if (port == 0x61)
            rig.write("control_b", 0, value);
        else
            rig.write("counters", port - 0x40, value);
    }
    void same_read(std::uint64_t port) {
        CAPTURE(port);
        const std::uint64_t value = port == 0x61 ? rig.read("control_b", 0) : rig.read("counters", port - 0x40);
        REQUIRE(value == model.read(port));
    }
    void advance(std::uint64_t ns) {
        timers.advance(ns);
        rig.advance(ns);
    }
};

void step(BothTimers& both, Random& random) {
    const auto port = std::array<std::uint64_t, 4>{0x40, 0x41, 0x42, 0x61}[random.below(4)];
    switch (random.below(4)) {
        case 0: {
            const PitWrite one = pit_write(random);
            return both.out(one.port, one.value);
        }
        case 1:
        case 2:
            return both.same_read(port);
        default:
            return both.advance(
                random.below(std::array<std::uint64_t, 3>{3'000, 300'000, 90'000'000}[random.below(3)]));
    }
}

}  // namespace

TEST_CASE("the 8254 in Nyx gives what the class gives") {
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        CAPTURE(seed);
        Random random(seed);
        BothTimers both;
        for (int i = 0; i < kSteps; ++i) {
            CAPTURE(i);
            step(both, random);
            if (random.below(50) == 0) both.rig.replace();
        }
    }
}

TEST_CASE("counter 0 of the 8254 in Nyx interrupts as often as the class") {
    for (const unsigned mode : {2U, 3U}) {
        for (const std::uint64_t count : {100U, 1193U, 11932U, 65535U}) {
            CAPTURE(mode);
            CAPTURE(count);
            BothTimers both;
            both.out(0x43, 0x30 | mode << 1);
            both.out(0x40, count);
            both.out(0x40, count >> 8);
            for (int i = 0; i < 20; ++i) {
                both.advance(7'770'001);
                const int difference = both.irq0.rises - both.rig.line("out0").rises;
                CHECK((difference == 0 || difference == 1 || difference == -1));
            }
            CHECK(both.irq0.rises > 1);
        }
    }
}
