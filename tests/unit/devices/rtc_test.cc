#include <doctest/doctest.h>

#include "tests/equivalence/reference/rtc/spec.h"
#include "tests/unit/devices/described_bench.h"

using namespace nyx;
using namespace nyx::dev;
using namespace nyx::dev::rtc;

namespace {
constexpr std::uint64_t kMillisecond = 1'000'000;
constexpr std::uint64_t kSecond = 1000 * kMillisecond;

// 2024-02-28 23:59:57 UTC, a Wednesday.
struct Chip : DescribedBench {
    explicit Chip(const std::map<std::string_view, std::uint64_t>& settings = {}) : DescribedBench("rtc", settings) {
        clock.wall_at_zero_ns = 1'709'164'797 * kNsPerSecond;
        get(kRegisterC);
    }
    FakeIrqLine& irq = lines[0];
    std::uint8_t get(std::uint8_t index) {
        out(kIndexPort, index);
        return static_cast<std::uint8_t>(in(kDataPort));
    }
    void set(std::uint8_t index, std::uint8_t value) {
        out(kIndexPort, index);
        out(kDataPort, value);
    }
    std::vector<int> time() {
        return {get(kCentury), get(kYear), get(kMonth), get(kDayOfMonth), get(kHours), get(kMinutes), get(kSeconds)};
    }
};
}  // namespace

TEST_CASE("MC146818A: time runs, over the end of a February in a leap year, in BCD") {
    Chip chip;
    CHECK(chip.time() == std::vector<int>{0x20, 0x24, 0x02, 0x28, 0x23, 0x59, 0x57});
    CHECK(chip.get(kDayOfWeek) == 4);
    chip.timers.advance(3 * kSecond);
    CHECK(chip.time() == std::vector<int>{0x20, 0x24, 0x02, 0x29, 0x00, 0x00, 0x00});
    CHECK(chip.get(kDayOfWeek) == 5);
}

TEST_CASE("MC146818A register B: binary and 12-hour formats") {
    Chip chip;
    chip.set(kRegisterB, kDm);
    CHECK(chip.get(kHours) == (11 | kHoursPm));
    CHECK(chip.get(kMinutes) == 59);
    CHECK(chip.get(kCentury) == 20);
}

TEST_CASE("port 0x70: bit 7 masks NMI and is not part of the index, reading gives ones") {
    Chip chip;
    chip.set(0x40, 0xAB);
    chip.out(kIndexPort, 0x80 | 0x40);
    CHECK(chip.in(kDataPort) == 0xAB);
    CHECK(chip.in(kIndexPort) == 0xFF);
}

TEST_CASE("MC146818A SET: the time stands still, is set, and runs on from there") {
    Chip chip;
    chip.set(kRegisterB, kSet | k24Hours | kUie);
    CHECK(chip.get(kRegisterB) == (kSet | k24Hours));
    chip.timers.advance(10 * kSecond);
    CHECK(chip.get(kSeconds) == 0x57);
    const std::pair<std::uint8_t, std::uint8_t> fields[] = {{kCentury, 0x19},    {kYear, 0x99},  {kMonth, 0x12},
                                                            {kDayOfMonth, 0x31}, {kHours, 0x23}, {kMinutes, 0x59},
                                                            {kSeconds, 0x58}};
    for (auto [index, value] : fields) chip.set(index, value);
    chip.timers.advance(5 * kSecond);
    CHECK(chip.time() == std::vector<int>{0x19, 0x99, 0x12, 0x31, 0x23, 0x59, 0x58});
    chip.set(kRegisterB, k24Hours);
    chip.timers.advance(2 * kSecond);
    CHECK(chip.time() == std::vector<int>{0x20, 0x00, 0x01, 0x01, 0x00, 0x00, 0x00});
}

TEST_CASE("MC146818A: the day of the week is the guest's to say, and counts on") {
    Chip chip;
    chip.set(kDayOfWeek, 7);
    CHECK(chip.get(kDayOfWeek) == 7);
    chip.timers.advance(3 * kSecond);
    CHECK(chip.get(kDayOfWeek) == 1);
}

TEST_CASE("MC146818A divider: in reset the clock stands, half a second after its release comes the first update") {
    Chip chip;
    chip.timers.advance(300 * kMillisecond);
    chip.set(kRegisterA, kDividerReset | 6);
    chip.timers.advance(10 * kSecond);
    CHECK(chip.get(kSeconds) == 0x57);
    chip.set(kRegisterA, kDividerRun | 6);
    chip.timers.advance(499 * kMillisecond);
    CHECK(chip.get(kSeconds) == 0x57);
    chip.timers.advance(2 * kMillisecond);
    CHECK(chip.get(kSeconds) == 0x58);
}

TEST_CASE("MC146818A UIP: set for the 2,228 us before the time changes, never while the clock is stopped") {
    Chip chip;
    chip.timers.advance(kSecond - 2'228'001);
    CHECK((chip.get(kRegisterA) & kUip) == 0);
    chip.timers.advance(1);
    CHECK((chip.get(kRegisterA) & kUip) != 0);
    CHECK(chip.get(kSeconds) == 0x57);
    chip.set(kRegisterB, kSet | k24Hours);
    CHECK((chip.get(kRegisterA) & kUip) == 0);
    chip.set(kRegisterB, k24Hours);
    chip.timers.advance(2'228'000);
    CHECK((chip.get(kRegisterA) & kUip) == 0);
    CHECK(chip.get(kSeconds) == 0x58);
}

TEST_CASE("MC146818A update-ended interrupt: each second, reading register C clears flag and line") {
    Chip chip;
    chip.set(kRegisterB, k24Hours | kUie);
    chip.timers.advance(kSecond);
    CHECK(chip.irq.asserted);
    CHECK((chip.get(kRegisterC) & (kIrqf | kUf)) == (kIrqf | kUf));
    CHECK(!chip.irq.asserted);
    CHECK((chip.get(kRegisterC) & kUf) == 0);
    chip.timers.advance(3 * kSecond);
    CHECK(chip.irq.rises == 2);  // nobody read register C in between
}

TEST_CASE("MC146818A: flags are set without their enables, and IRQF is not") {
    Chip chip;
    chip.timers.advance(kSecond);
    CHECK(chip.get(kRegisterC) == (kUf | kPf));
    CHECK(!chip.irq.asserted);
    CHECK(!chip.timers.next_deadline());
}

TEST_CASE("MC146818A alarm: at its time, with don't-care each minute") {
    Chip chip;
    chip.set(kSecondsAlarm, 0x05);
    chip.set(kMinutesAlarm, 0x00);
    chip.set(kHoursAlarm, 0x00);
    chip.set(kRegisterB, k24Hours | kAie);
    chip.timers.advance(8 * kSecond - 1);
    CHECK(!chip.irq.asserted);
    chip.timers.advance(1);
    CHECK(chip.irq.asserted);
    CHECK((chip.get(kRegisterC) & kAf) != 0);
    chip.set(kMinutesAlarm, 0xFF);
    chip.set(kHoursAlarm, 0xC0);
    chip.timers.advance(60 * kSecond - 1);
    CHECK(!chip.irq.asserted);
    chip.timers.advance(1);
    CHECK(chip.irq.asserted);
}

TEST_CASE("MC146818A Table 5: periodic rates") {
    const std::pair<std::uint8_t, int> rates[] = {{1, 256}, {2, 128}, {3, 8192}, {6, 1024}, {15, 2}};
    for (auto [rate, hertz] : rates) {
        Chip chip;
        chip.set(kRegisterA, kDividerRun | rate);
        chip.set(kRegisterB, k24Hours | kPie);
        int interrupts = 0;
        while (auto next = chip.timers.next_deadline()) {
            if (*next > kSecond) break;
            chip.timers.advance(*next - chip.clock.now_ns);
            interrupts += chip.irq.asserted ? 1 : 0;
            chip.get(kRegisterC);
        }
        CHECK(interrupts == hertz);
    }
    Chip off;
    off.set(kRegisterA, kDividerRun);
    off.set(kRegisterB, k24Hours | kPie);
    CHECK(!off.timers.next_deadline());
}

TEST_CASE("MC146818A registers C and D: read-only, the battery is good") {
    Chip chip;
    CHECK(chip.get(kRegisterD) == 0x80);
    chip.set(kRegisterD, 0);
    chip.set(kRegisterC, 0xFF);
    CHECK(chip.get(kRegisterD) == 0x80);
    CHECK(chip.get(kRegisterC) == 0);
}

TEST_CASE("MC146818A RESET: interrupts end, RAM and time stay") {
    Chip chip;
    chip.set(0x0F, 0x0A);
    chip.set(kYear, 0x30);
    chip.set(kRegisterB, k24Hours | kUie);
    chip.timers.advance(kSecond);
    CHECK(chip.irq.asserted);
    chip.device->reset();
    CHECK(!chip.irq.asserted);
    CHECK(chip.get(kRegisterB) == k24Hours);
    CHECK(chip.get(kRegisterC) == 0);
    CHECK(chip.get(0x0F) == 0x0A);
    CHECK(chip.get(kYear) == 0x30);
}

TEST_CASE("the host's clock set back or forth does not stop interrupts") {
    Chip chip;
    chip.set(kRegisterB, k24Hours | kUie);
    chip.clock.wall_at_zero_ns -= 3600 * kNsPerSecond;
    chip.timers.advance(2 * kSecond);
    CHECK(chip.irq.asserted);
    chip.get(kRegisterC);
    chip.clock.wall_at_zero_ns += 7200 * kNsPerSecond;
    chip.timers.advance(kSecond);
    CHECK(chip.irq.asserted);
}

TEST_CASE("firmware finds the memory and the processors") {
    constexpr std::uint64_t kMiB = 1 << 20;
    const auto word = [](Chip& chip, std::uint8_t at) {
        return chip.get(at) | chip.get(static_cast<std::uint8_t>(at + 1)) << 8;
    };
    Chip big({{"memory_below_4g", 3072 * kMiB}, {"memory_above_4g", 5120 * kMiB}, {"cpus", 4}});
    CHECK(word(big, 0x15) == 640);
    CHECK(word(big, 0x17) == 0xFFFF);
    CHECK(word(big, 0x30) == 0xFFFF);
    CHECK(word(big, 0x34) == (3072 - 16) * 16);
    CHECK((word(big, 0x5B) | big.get(0x5D) << 16) == 5120 * 16);
    CHECK(big.get(0x5F) == 3);
    int sum = 0;
    for (std::uint8_t i = 0x10; i <= 0x2D; ++i) sum += big.get(i);
    CHECK((big.get(0x2E) << 8 | big.get(0x2F)) == sum);
    Chip small({{"memory_below_4g", 8 * kMiB}, {"cpus", 1}});
    CHECK(word(small, 0x17) == 7 * 1024);
    CHECK(word(small, 0x34) == 0);
}

TEST_CASE("a restored clock shows the time that is, and keeps the guest's offset") {
    Chip chip;
    chip.set(kYear, 0x50);
    chip.set(kRegisterB, k24Hours | kUie);
    auto state = chip.saved();
    Chip later;
    later.clock.wall_at_zero_ns += 60 * kNsPerSecond;
    REQUIRE(later.restore(state));
    CHECK(later.get(kYear) == 0x50);
    CHECK(later.get(kMinutes) == 0x00);
    later.timers.advance(kSecond);  // after which the next update was due
    CHECK(later.irq.asserted);
    for (auto [id, value] :
         {std::pair{1u, Bytes{0x80}}, {2u, Bytes(128, 0xFF)}, {4u, Bytes(8, 0x7F)}, {6u, Bytes{7}}}) {
        auto bad = state;
        for (StateField& field : bad)
            if (field.id == id) field.value = value;
        CHECK(!later.restore(bad));
    }
}
