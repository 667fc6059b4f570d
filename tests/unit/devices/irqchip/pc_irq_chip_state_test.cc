#include <doctest/doctest.h>

#include <atomic>
#include <random>
#include <thread>

#include "devices/kit/timer_queue.h"
#include "tests/unit/devices/irqchip/pc_fixture.h"

using namespace nyx;
using namespace nyx::dev;
using namespace nyx::dev::irqchip;

namespace {
// A machine in the middle of everything.
void work(Pc& pc) {
    pc.init_pics();
    pc.tick_every_10_ms();
    for (std::uint32_t cpu : {0U, 1U}) pc.apic(kApicSvr, kSvrEnabled | 0xFF, cpu);
    pc.apic(kApicDivide, 0xB);
    pc.apic(kApicLvtTimer, 1U << kLvtTimerModeShift | 0xEC);
    pc.apic(kApicInitialCount, 3'000'000);
    pc.io_apic(10, kRedLevel | 0x61);
    pc.chip.set_gsi(10, true);
    pc.chip.set_gsi(4, true);
    pc.timers.advance(25'000'000);
    pc.take();
}
}  // namespace

TEST_CASE("PC interrupt controllers: what is saved comes back whole and goes on alike") {
    Pc pc(2);
    work(pc);
    std::vector<StateUnit> units = pc.chip.save();
    CHECK(units.size() == 6);
    Pc twin(2);
    twin.clock.now_ns = pc.clock.now_ns;
    REQUIRE(twin.chip.restore(units));
    CHECK(twin.chip.save() == units);
    for (int i = 0; i < 50; ++i) {
        for (Pc* each : {&pc, &twin}) each->timers.advance(1'234'567);
        for (std::uint32_t cpu : {0U, 1U}) REQUIRE(pc.cpu(cpu).pending() == twin.cpu(cpu).pending());
        REQUIRE(pc.take() == twin.take());
        for (Pc* each : {&pc, &twin}) {
            each->eoi();
            each->out(0x20, 0x20);
        }
    }
    CHECK(twin.chip.save() == pc.chip.save());
}

TEST_CASE("PC interrupt controllers: a state that does not fit is refused and changes nothing") {
    Pc pc(2);
    work(pc);
    const std::vector<StateUnit> good = pc.chip.save();
    Pc other(2);
    other.init_pics(0x50);
    other.chip.set_gsi(4, true);
    const std::vector<StateUnit> before = other.chip.save();
    auto refuses = [&](std::vector<StateUnit> units) {
        CHECK(!other.chip.restore(units));
        CHECK(other.chip.save() == before);
    };
    for (std::size_t i = 0; i < good.size(); ++i) {
        auto units = good;
        units.erase(units.begin() + static_cast<std::ptrdiff_t>(i));
        refuses(units);
        units = good;
        units[i].type = "serial";
        refuses(units);
        units = good;
        units[i].version = 2;
        refuses(units);
        units = good;
        units[i].fields[0].value.push_back(0);
        refuses(units);
        units = good;
        units.push_back(good[i]);
        refuses(units);
    }
    CHECK(other.take() == 0x54);
}

TEST_CASE("PC interrupt controllers: damaged states are refused or survived") {
    Pc pc(2);
    work(pc);
    const std::vector<StateUnit> good = pc.chip.save();
    std::mt19937 random(7);
    auto below = [&](std::size_t n) { return random() % n; };
    Pc other(2);
    int restored = 0;
    for (int i = 0; i < 5'000; ++i) {
        auto units = good;
        for (std::size_t flips = 1 + below(3); flips > 0; --flips) {
            StateUnit& unit = units[below(units.size())];
            StateField& field = unit.fields[below(unit.fields.size())];
            field.value[below(field.value.size())] ^= static_cast<std::uint8_t>(1U << below(8));
        }
        if (!other.chip.restore(units)) continue;
        ++restored;
        other.timers.advance(below(3'000'000));
        other.take();
        other.eoi();
        other.in(kPitPort);
    }
    CHECK(restored > 100);
    CHECK(restored < 5'000);
}

TEST_CASE("PC interrupt controllers: reset is power-on, with the lines as they are") {
    Pc pc(2);
    work(pc);
    pc.chip.reset();
    CHECK(pc.cpu(0).pending() == 0);
    CHECK(pc.cpu(1).waits_for_start_up());
    pc.timers.advance(100'000'000);
    CHECK(pc.cpu(0).pending() == 0);
    pc.apic(kApicSvr, kSvrEnabled | 0xFF);
    pc.io_apic(10, kRedLevel | 0x61);
    CHECK(pc.take() == 0x61);
}

TEST_CASE("PC interrupt controllers: devices, processors and timers may call at once") {
    std::mutex lock;
    FakeClock clock;
    TimerQueue queue;
    std::unique_ptr<Timers> timers = queue.for_device(lock);
    std::array<std::atomic<int>, 2> kicks{};
    PcIrqChip chip(Pc::config(2, true), {.lock = lock,
                                         .clock = clock,
                                         .timers = *timers,
                                         .ns_of_tsc = [](std::uint32_t, std::uint64_t tsc) { return tsc; },
                                         .kick = [&](std::uint32_t cpu) { ++kicks[cpu]; }});
    chip.write_mmio(0, kApicBase + kApicIcr * 16, 4, 0x000C'4608);
    chip.processor(1).take_start_up();
    for (std::uint32_t cpu : {0U, 1U}) chip.write_mmio(cpu, kApicBase + kApicSvr * 16, 4, 0x1FF);
    constexpr int kRounds = 2'000;
    auto processor = [&](std::uint32_t cpu) {
        for (int i = 0; i < kRounds; ++i) {
            chip.write_mmio(cpu, kApicBase + kApicIcr * 16, 4, 0x000C'4041);
            if (chip.processor(cpu).pending() && chip.processor(cpu).take_interrupt())
                chip.write_mmio(cpu, kApicBase + kApicEoi * 16, 4, 0);
        }
    };
    std::thread device([&] {
        for (int i = 0; i < kRounds; ++i) {
            chip.set_gsi(10, i % 2 == 0);
            chip.deliver_msi(0xFEE0'1000, 0x52);
            queue.run_due(1'000'000);
        }
    });
    std::thread second([&] { processor(1); });
    processor(0);
    second.join();
    device.join();
    // The last IPI and MSI are each seen by someone.
    for (std::uint32_t cpu : {0U, 1U}) {
        while (chip.processor(cpu).take_interrupt()) chip.write_mmio(cpu, kApicBase + kApicEoi * 16, 4, 0);
        CHECK(chip.processor(cpu).pending() == 0);
        CHECK(kicks[cpu] > 0);
    }
}
