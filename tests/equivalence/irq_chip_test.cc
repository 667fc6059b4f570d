// The interrupt controllers of a PC made of their descriptions do what the classes do: the same reads, signals and
// vectors over random operations of guests and devices.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/equivalence/irq_chip_operations.h"

using namespace nyx;
using namespace nyx::dev;
using namespace nyx::dev::irqchip;

TEST_CASE("a PC's interrupt controllers in Nyx do what the classes do, wired up") {
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
        CAPTURE(seed);
        Random random(seed);
        Both both;
        both.same_signals();
        both.each(set_up);
        for (int i = 0; i < 1500; ++i) {
            CAPTURE(i);
            if (i % 50 == 49) both.replace_described();
            step(both, random);
        }
        CHECK(both.msrs_written > 80);
        CHECK(both.msrs_refused > 80);
        both.each([](Side& side) { side.chip->reset(); });
        // What the 8259As latch before they are initialised is nobody's.
        for (std::uint32_t cpu = 0; cpu < kProcessors; ++cpu)
            both.same([&](Side& side) { return side.chip->processor(cpu).pending(); });
    }
}

TEST_CASE("a state that the controllers in Nyx cannot be in is refused, and changes nothing") {
    Side side;
    side.use_descriptions();
    set_up(side);
    side.chip->set_gsi(5, true);
    const std::vector<StateUnit> good = side.chip->save();
    const auto refused = [&](auto change) {
        std::vector<StateUnit> bad = good;
        change(bad);
        return !side.chip->restore(bad) && side.chip->save() == good;
    };
    CHECK(refused([](auto& units) { units.pop_back(); }));
    CHECK(refused([](auto& units) { units.push_back(units.front()); }));
    for (std::size_t i = 0; i < good.size(); ++i) {
        CAPTURE(good[i].path);
        CHECK(refused([&](auto& units) { units[i].path = "elsewhere"; }));
        CHECK(refused([&](auto& units) { units[i].type = "toaster"; }));
        CHECK(refused([&](auto& units) { ++units[i].version; }));
        CHECK(refused([&](auto& units) { units[i].fields.push_back({60'000, {}}); }));
    }
    const auto of_board = [](auto& units) -> StateUnit& {
        return *std::ranges::find(units, "board", &StateUnit::path);
    };
    CHECK(refused([&](auto& units) { of_board(units).fields[0].value = {kProcessors, 0, 0, 0}; }));
    CHECK(refused([&](auto& units) { of_board(units).fields[1].value = {0, 0, 0, 1}; }));
    CHECK(side.chip->restore(good));
}

TEST_CASE("the timer in Nyx interrupts through the 8259s in Nyx") {
    Side side;
    side.use_descriptions();
    set_up(side);
    side.out(0x43, 0x34);
    side.out(0x40, 11'932 & 0xFF);
    side.out(0x40, 11'932 >> 8);
    while (side.chip->processor(0).take_interrupt()) side.out(0x20, 0x20);
    for (int i = 0; i < 3; ++i) {
        side.timers.advance(10'010'000);
        CHECK(side.chip->processor(0).take_interrupt() == 0x30);
        side.out(0x20, 0x20);
    }
    CHECK(!side.chip->processor(0).take_interrupt());
}
