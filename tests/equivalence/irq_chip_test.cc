// The interrupt controllers of a PC made of their descriptions do what the classes do: the same reads, signals and
// vectors over random operations of guests and devices.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <random>

#include "devices/board/irq_chip.h"
#include "devices/irqchip/pc_irq_chip.h"
#include "devices/kit/fakes.h"

using namespace nyx;
using namespace nyx::dev;
using namespace nyx::dev::irqchip;

namespace {

constexpr std::uint32_t kProcessors = 3;
constexpr std::array<std::uint32_t, kProcessors> kIds{0, 1, 0x12};  // the last in a cluster of its own

struct Side {
    std::mutex lock;
    FakeClock clock;
    FakeTimers timers{clock};
    std::uint64_t tsc_starts_at = 0;  // on the clock
    std::unique_ptr<IrqChip> chip;

    IrqChip::Links links() {
        return {.lock = lock,
                .clock = clock,
                .timers = timers,
                .ns_of_tsc = [this](std::uint32_t, std::uint64_t tsc) { return tsc + tsc_starts_at; },
                .kick = [](std::uint32_t) {}};
    }
    void out(std::uint64_t port, unsigned value) { chip->write_port(port, 1, value); }
    void apic(std::uint32_t cpu, std::uint32_t reg, std::uint32_t value) {
        chip->write_mmio(cpu, kApicBase + std::uint64_t{reg} * 16, 4, value);
    }
    void entry(unsigned pin, std::uint64_t value) {
        for (const unsigned half : {1U, 0U}) {
            chip->write_mmio(0, kIoApicBase + kIoRegSel, 4, kIoRedTable + 2 * pin + half);
            chip->write_mmio(0, kIoApicBase + kIoWin, 4, half != 0 ? value >> 32 : value & 0xFFFF'FFFF);
        }
    }
};

IrqChip::Config config() {
    IrqChip::Config config{.processors = {}, .pit = true};
    for (std::uint32_t i = 0; i < kProcessors; ++i)
        config.processors.push_back({.id = kIds[i], .boot_processor = i == 0, .physical_bits = 40});
    return config;
}

struct Both {
    Side classes, described;
    std::array<Side*, 2> all{&classes, &described};
    int msrs_written = 0, msrs_refused = 0;
    bool timer_connected = true;

    Both() {
        classes.chip = std::make_unique<PcIrqChip>(config(), classes.links());
        described.chip = board::make_irq_chip(config(), described.links());
    }
    // Another chip goes on from the state of this one.
    void replace_described() {
        const std::vector<StateUnit> saved = described.chip->save();
        described.chip = board::make_irq_chip(config(), described.links());
        described.chip->connect_timer(timer_connected);
        REQUIRE(described.chip->restore(saved));
        REQUIRE(described.chip->save() == saved);
    }
    template <class Operation>
    void each(Operation operation) {
        for (Side* side : all) operation(*side);
    }
    template <class Question>
    void same(Question question) {
        REQUIRE(question(described) == question(classes));
    }
    // What can be looked at without a change.
    void same_signals() {
        for (const std::uint64_t port : {0x20U, 0xA0U, 0x21U, 0x61U}) {
            CAPTURE(port);
            same([&](Side& side) { return side.chip->read_port(port, 1); });
        }
        for (std::uint32_t cpu = 0; cpu < kProcessors; ++cpu) {
            CAPTURE(cpu);
            same([&](Side& side) { return side.chip->processor(cpu).pending(); });
            same([&](Side& side) { return side.chip->processor(cpu).waits_for_start_up(); });
            same([&](Side& side) { return side.chip->processor(cpu).cr8(); });
        }
    }
};

// In the mode that it is in; in x2APIC mode the logical id follows from the id.
void enable(Side& side, std::uint32_t cpu) {
    if (side.chip->processor(cpu).write_msr(kFirstX2ApicMsr + kApicSvr, kSvrEnabled | 0xFF)) return;
    side.apic(cpu, kApicSvr, kSvrEnabled | 0xFF);
    side.apic(cpu, kApicLdr, 1U << (24 + cpu));
}

// As an operating system sets them up, so that most of what follows means something.
void set_up(Side& side) {
    for (const unsigned port : {0x20U, 0xA0U}) {
        side.out(port, 0x11);
        side.out(port + 1, port == 0x20 ? 0x30 : 0x38);
        side.out(port + 1, port == 0x20 ? 4 : 2);
        side.out(port + 1, 1);
    }
    for (std::uint32_t cpu = 0; cpu < kProcessors; ++cpu) enable(side, cpu);
}

std::uint64_t random_entry(std::mt19937_64& random) {
    const std::uint64_t vector = 0x40 + random() % 0xA0;
    // The first processor is always there: the class holds a level back that nobody takes, and the model does not.
    const std::uint64_t is_level = random() % 2;
    const std::uint64_t is_logical = random() % 2;
    const std::uint64_t some = is_logical != 0 ? 1 + random() % 7 : kIds[random() % kProcessors];
    const std::uint64_t destination = random() % 3 == 0 ? 0xFF : is_level != 0 ? is_logical * (some | 1) : some;
    return vector | random() % 2 << 8 | is_logical << 11 | is_level << 15 | (random() % 8 == 0 ? kRedMasked : 0) |
           destination << kRedDestinationShift;
}

using Random = std::mt19937_64;

void set_line(Both& both, Random& random) {
    const auto gsi = static_cast<std::uint32_t>(random() % IrqChip::kGsis);
    const bool level = random() % 2 == 0;
    if (gsi != 0) both.each([&](Side& side) { side.chip->set_gsi(gsi, level); });
}

void write_entry(Both& both, Random& random) {
    const auto pin = static_cast<unsigned>(random() % 24);
    const std::uint64_t value = random_entry(random);
    both.each([&](Side& side) { side.entry(pin, value); });
}

void send_command(Both& both, Random& random, std::uint32_t cpu) {
    const auto command = static_cast<std::uint32_t>((0x40 + random() % 0xA0) | random() % 8 << 8 | random() % 2 << 11 |
                                                    kIcrAssert | random() % 4 << 18);
    const auto to = static_cast<std::uint32_t>(random() % 8 << 24);
    both.each([&](Side& side) {
        side.apic(cpu, kApicIcrHigh, to);
        side.apic(cpu, kApicIcr, command);
    });
}

void send_message(Both& both, Random& random) {
    const std::uint64_t address = kMsiBase | random() % 8 << 12 | random() % 4 << 2;
    const auto data = static_cast<std::uint32_t>((0x40 + random() % 0xA0) | random() % 2 << 8);
    both.each([&](Side& side) { side.chip->deliver_msi(address, data); });
}

void command_8259(Both& both, Random& random) {
    const auto port = std::array{0x20U, 0xA0U}[random() % 2];
    const unsigned value = random() % 2 == 0 ? 0x20 : 0x60 | static_cast<unsigned>(random() % 8);
    both.each([&](Side& side) { side.out(port, value); });
}

void read_registers(Both& both, Random& random, std::uint32_t cpu) {
    const auto reg = std::array{kApicId, kApicTpr, kApicPpr, kApicIsr, kApicIrr, kApicEsr}[random() % 6];
    both.same([&](Side& side) { return side.chip->read_mmio(cpu, kApicBase + 16ULL * reg, 4); });
    both.same([&](Side& side) { return side.chip->read_port(0x20, 1); });
}

void set_cr8(Both& both, Random& random, std::uint32_t cpu) {
    const auto value = static_cast<std::uint8_t>(random() % 4 == 0 ? random() % 16 : random() % 3);
    both.each([&](Side& side) { side.chip->processor(cpu).set_cr8(value); });
}

void pass_time(Both& both, Random& random) {
    const std::uint64_t ns = random() % std::array<std::uint64_t, 3>{100'000, 12'000'000, 90'000'000}[random() % 3];
    both.each([&](Side& side) { side.timers.advance(ns); });
}

// Counter 0: counts of 3 to 60 ms, in modes whose OUT is never low for less than a timer can tell.
void start_counter(Both& both, Random& random) {
    const auto mode = std::array{0U, 3U}[random() % 2];
    const auto count = static_cast<unsigned>(3'000 + random() % 60'000);
    if (random() % 4 != 0) return;
    both.each([&](Side& side) {
        side.out(0x43, 0x30 | mode << 1);
        side.out(0x40, count & 0xFF);
        side.out(0x40, count >> 8);
    });
}

void start_processor(Both& both, std::uint32_t cpu) {
    both.same([&](Side& side) {
        const bool taken = side.chip->processor(cpu).take_init();
        if (taken) enable(side, cpu);
        return taken;
    });
    both.same([&](Side& side) { return side.chip->processor(cpu).take_start_up(); });
}

std::optional<std::uint64_t> msr(Side& side, std::uint32_t cpu, std::uint32_t number) {
    return side.chip->processor(cpu).read_msr(number);
}

void write_msr(Both& both, std::uint32_t cpu, std::uint32_t number, std::uint64_t value) {
    CAPTURE(number);
    CAPTURE(value);
    const bool taken = both.classes.chip->processor(cpu).write_msr(number, value);
    REQUIRE(both.described.chip->processor(cpu).write_msr(number, value) == taken);
    ++(taken ? both.msrs_written : both.msrs_refused);
    both.same([&](Side& side) { return msr(side, cpu, number); });
}

// Mostly another mode, now and then another page, reserved bits, or a way that there is not. The first processor is
// never without its APIC.
void change_mode(Both& both, Random& random, std::uint32_t cpu) {
    const auto modes =
        std::array{kBaseEnabled,     kBaseEnabled, kBaseEnabled | kBaseX2Apic, kBaseEnabled | kBaseX2Apic,
                   std::uint64_t{0}, kBaseX2Apic};
    const std::uint64_t mode = modes[random() % modes.size()];
    if (cpu == 0 && (mode & kBaseEnabled) == 0) return;
    const std::uint64_t page = random() % 4 == 0 ? kApicBase + 0x10'0000 : kApicBase;
    const std::uint64_t wrong = random() % 8 == 0 ? std::uint64_t{1} << random() % 64 : 0;
    const std::uint64_t boot = (cpu == 0) != (random() % 16 == 0) ? kBaseBootProcessor : 0;
    const bool was_on = (*msr(both.classes, cpu, kMsrApicBase) & kBaseEnabled) != 0;
    write_msr(both, cpu, kMsrApicBase, page | boot | mode | wrong);
    const std::uint64_t base = *msr(both.classes, cpu, kMsrApicBase);
    if (!was_on && (base & kBaseEnabled) != 0) both.each([&](Side& side) { enable(side, cpu); });
    both.same([&](Side& side) { return side.chip->read_mmio(cpu, page + 16ULL * kApicSvr, 4); });
}

// A value that the register may take, or any.
std::uint64_t msr_value(Random& random, std::uint32_t reg) {
    const std::uint64_t vector = 0x40 + random() % 0xA0;
    if (random() % 6 == 0 && reg != kApicSvr) return random() >> random() % 64;
    switch (reg) {
        case kApicIcr:
            return vector | random() % 8 << 8 | random() % 2 << 11 | kIcrAssert | random() % 4 << 18 |
                   (random() % 3 == 0 ? kWideBroadcast : random() % 2 << 16 | kIds[random() % kProcessors]) << 32;
        case kApicSvr:
            return kSvrEnabled | 0xFF;
        case kApicTpr:
            return random() % 0x50;
        case kApicSelfIpi:
            return vector;
        case kApicLvtTimer:
            return vector | random() % 4 << kLvtTimerModeShift;
        case kApicLvtThermal:
        case kApicLvtPerformance:
        case kApicLvtError:
            return vector;
        case kApicLvtLint0:
        case kApicLvtLint1:
            return vector | (random() % 8 << 8) | random() % 2 << 14 | random() % 2 << 15;
        case kApicInitialCount:
            return 60'000 + random() % 10'000'000;
        case kApicDivide:
            return random() % 4 | random() % 2 << 3;
        default:
            return 0;
    }
}

std::uint32_t any_register(Random& random) {
    constexpr std::array<std::uint32_t, 13> kUsual{
        kApicTpr,    kApicEoi,      kApicSvr,      kApicEsr,     kApicIcr,          kApicIcr,    kApicLvtTimer,
        kApicDivide, kApicLvtLint0, kApicLvtError, kApicSelfIpi, kApicInitialCount, kApicSelfIpi};
    return random() % 4 == 0 ? static_cast<std::uint32_t>(random() % kX2ApicMsrs) : kUsual[random() % kUsual.size()];
}

void use_msr(Both& both, Random& random, std::uint32_t cpu) {
    const std::uint32_t reg = any_register(random);
    if (random() % 3 != 0) write_msr(both, cpu, kFirstX2ApicMsr + reg, msr_value(random, reg));
    const auto other = static_cast<std::uint32_t>(random() % kX2ApicMsrs);
    both.same([&](Side& side) { return msr(side, cpu, kFirstX2ApicMsr + other); });
}

// Deadlines ahead and behind, and a TSC that is set.
void set_deadline(Both& both, Random& random, std::uint32_t cpu) {
    const std::uint64_t tsc = both.classes.clock.monotonic_ns() - both.classes.tsc_starts_at;
    const auto ahead = random() % 20'000'000;
    write_msr(both, cpu, kMsrTscDeadline, random() % 4 == 0 ? tsc / 2 : tsc + ahead);
    if (random() % 8 != 0) return;
    const std::uint64_t start = random() % (both.classes.clock.monotonic_ns() + 1);
    both.each([&](Side& side) {
        side.tsc_starts_at = start;
        for (std::uint32_t each = 0; each < kProcessors; ++each) side.chip->processor(each).tsc_moved();
    });
}

// As an HPET takes IRQ 0 from the 8254, drives it, and gives it back.
void replace_timer(Both& both, Random& random) {
    const std::uint64_t what = random() % 3;
    both.each([&](Side& side) {
        side.chip->connect_timer(what == 0);
        if (what == 0) return;
        side.chip->set_gsi(0, true);
        if (what == 1) side.chip->set_gsi(0, false);
    });
    both.timer_connected = what == 0;
}

void do_one(Both& both, Random& random, std::uint32_t cpu, std::uint64_t what) {
    if (what == 24) return replace_timer(both, random);
    if (what >= 20) return use_msr(both, random, cpu);
    if (what == 19) return set_deadline(both, random, cpu);
    if (what == 18) return change_mode(both, random, cpu);
    if (what <= 2) return set_line(both, random);
    if (what <= 4) return both.same([&](Side& side) { return side.chip->processor(cpu).take_interrupt().value_or(0); });
    if (what == 5) return both.each([&](Side& side) { side.apic(cpu, kApicEoi, 0); });
    if (what == 6) return write_entry(both, random);
    if (what == 7) return send_command(both, random, cpu);
    if (what == 8) return send_message(both, random);
    if (what == 9) return command_8259(both, random);
    if (what == 10) return read_registers(both, random, cpu);
    if (what == 11) return set_cr8(both, random, cpu);
    if (what <= 13) return pass_time(both, random);
    if (what == 14) return start_counter(both, random);
    if (what == 15) return start_processor(both, cpu);
    both.same([&](Side& side) { return side.chip->processor(cpu).take_nmi(); });
    both.same([&](Side& side) { return side.chip->processor(cpu).take_smi(); });
}

void step(Both& both, Random& random) {
    const auto cpu = static_cast<std::uint32_t>(random() % kProcessors);
    CAPTURE(cpu);
    const std::uint64_t what = random() % 25;
    CAPTURE(what);
    do_one(both, random, cpu, what);
    both.same_signals();
}

}  // namespace

TEST_CASE("a PC's interrupt controllers in Nyx do what the classes do, wired up") {
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
        CAPTURE(seed);
        std::mt19937_64 random(seed);
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
    side.chip = board::make_irq_chip(config(), side.links());
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
    side.chip = board::make_irq_chip(config(), side.links());
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
