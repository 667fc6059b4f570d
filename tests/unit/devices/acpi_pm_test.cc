#include <doctest/doctest.h>

#include "tests/equivalence/reference/acpi_pm/spec.h"
#include "tests/unit/devices/described_bench.h"

using namespace nyx;
using namespace nyx::dev;
using namespace nyx::dev::acpi_pm;

namespace {
struct Pm : DescribedBench {
    explicit Pm(std::uint64_t timer_bits = 32) : DescribedBench("acpi_pm", {{"timer_bits", timer_bits}}) {}
    FakeIrqLine& sci = lines[0];
};
constexpr std::uint64_t kSecond = 1'000'000'000;
}  // namespace

TEST_CASE("ACPI 6.5 4.8.3.1: the power button sets its status bit, and the SCI follows the enable bit") {
    Pm pm;
    pm.device->power_button()->press_power_button();
    CHECK(!pm.sci.asserted);
    CHECK(pm.in(kPm1Status, 2) == kPwrbtn);
    pm.out(kPm1Enable, kPwrbtn, 2);
    CHECK(pm.sci.asserted);
    pm.out(kPm1Status, kTmr, 2);  // clearing another bit
    CHECK(pm.sci.asserted);
    pm.out(kPm1Status, kPwrbtn, 2);
    CHECK(!pm.sci.asserted);
    CHECK(pm.in(kPm1Status, 2) == 0);
}

TEST_CASE("ACPI 6.5 4.8.3: the event block takes accesses of any width") {
    Pm pm;
    pm.out(kPm1Enable + 1, kPwrbtn >> 8);
    CHECK(pm.in(kPm1Enable, 2) == kPwrbtn);
    pm.device->power_button()->press_power_button();
    CHECK(pm.in(kPm1Status, 4) == (std::uint64_t{kPwrbtn} << 16 | kPwrbtn));
    pm.out(kPm1Status + 1, kPwrbtn >> 8);
    CHECK(pm.in(kPm1Status, 4) == std::uint64_t{kPwrbtn} << 16);
    pm.out(kPm1Enable, 0xFFFF, 2);
    CHECK(pm.in(kPm1Enable, 2) == kEvents);
}

TEST_CASE("ACPI 6.5 4.8.3.2.1: SCI_EN is always 1, SLP_EN reads 0, S5 powers off, other types do nothing") {
    Pm pm;
    CHECK(pm.in(kPm1Control, 2) == kSciEn);
    pm.out(kPm1Control, 0, 2);
    CHECK(pm.in(kPm1Control, 2) == kSciEn);
    pm.out(kPm1Control, 3 << 10 | kSlpEn, 2);
    CHECK(pm.control.requests.empty());
    CHECK(pm.in(kPm1Control, 2) == (3 << 10 | kSciEn));
    pm.out(kPm1Control, 5 << 10, 2);
    CHECK(pm.control.requests.empty());
    pm.out(kPm1Control, 5 << 10 | kSlpEn, 2);
    CHECK(pm.control.requests == std::vector<std::string>{"power off: acpi_pm"});
    pm.out(kPm1Control + 1, (5 << 10 | kSlpEn) >> 8);
    CHECK(pm.control.requests.size() == 2);
}

TEST_CASE("ACPI 6.5 4.8.2.1: the timer counts at 3.579545 MHz and wraps at its width") {
    Pm pm;
    CHECK(pm.in(kPmTimer, 4) == 0);
    pm.timers.advance(kSecond);
    CHECK(pm.in(kPmTimer, 4) == 3'579'545);
    pm.out(kPmTimer, 0, 4);
    CHECK(pm.in(kPmTimer, 4) == 3'579'545);
    pm.timers.advance(9 * kSecond);
    CHECK(pm.in(kPmTimer, 4) == 35'795'450);
    CHECK(pm.in(kPmTimer, 8) == (0xFFFFFFFF'00000000 | 35'795'450));
    Pm narrow(24);
    narrow.timers.advance(10 * kSecond);
    CHECK(narrow.in(kPmTimer, 4) == (35'795'450 & 0xFFFFFF));
}

TEST_CASE("ACPI 6.5 4.8.3.3: TMR_STS tells when the highest bit changes, with or without a host timer") {
    Pm pm(24);
    std::uint64_t half = (std::uint64_t{1} << 23) * kSecond / kTimerHz;
    pm.timers.advance(half);
    CHECK(pm.in(kPm1Status, 2) == 0);
    pm.timers.advance(1000);
    CHECK(pm.in(kPm1Status, 2) == kTmr);
    pm.out(kPm1Status, kTmr, 2);
    CHECK(!pm.timers.next_deadline());
    pm.out(kPm1Enable, kTmr, 2);
    CHECK(pm.timers.next_deadline());
    pm.timers.advance(half);
    CHECK(pm.sci.asserted);
    CHECK(!pm.timers.next_deadline());
    pm.out(kPm1Status, kTmr, 2);
    CHECK(!pm.sci.asserted);
    pm.timers.advance(half + 1000);
    CHECK(pm.sci.asserted);
    CHECK(pm.sci.rises == 2);
}

TEST_CASE("the reset register resets by bit 2 and reads back the rest") {
    Pm pm;
    pm.out(0, 0x02, 1, kResetRegion);
    CHECK(pm.control.requests.empty());
    CHECK(pm.in(0, 1, kResetRegion) == 0x02);
    pm.out(0, kResetValue, 1, kResetRegion);
    CHECK(pm.control.requests == std::vector<std::string>{"reset: acpi_pm"});
}

TEST_CASE("ports of no register read as ones") {
    Pm pm;
    CHECK(pm.in(6, 2) == 0xFFFF);
    CHECK(pm.in(12, 4) == 0xFFFFFFFF);
    pm.out(12, 0x1234, 4);
    CHECK(pm.device->select({kPmRegion, 12, 4}, false) == kNoRegister);
}

TEST_CASE("a restored timer goes on from its count, whatever the host's clock says") {
    Pm pm(24);
    pm.out(kPm1Enable, kTmr, 2);
    pm.timers.advance(kSecond);
    auto state = pm.saved();
    Pm other(24);
    other.clock.now_ns = 12345 * kSecond;
    REQUIRE(other.restore(state));
    CHECK(other.in(kPmTimer, 4) == 3'579'545);
    other.timers.advance(kSecond);
    CHECK(!other.sci.asserted);
    other.timers.advance(kSecond);
    CHECK(other.sci.asserted);

    Pm early(24);
    REQUIRE(early.restore(state));
    CHECK(early.in(kPmTimer, 4) == 3'579'545);
    early.timers.advance(2 * kSecond);
    CHECK(early.sci.asserted);
}
