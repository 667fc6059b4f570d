// Inputs that several lines drive, and two that somebody may take over.
#include <doctest/doctest.h>

#include <utility>

#include "runtime/machine/irq_inputs.h"

using namespace nyx;
using vm::IrqInputs;
using Told = std::vector<std::pair<std::uint32_t, bool>>;

TEST_CASE("an input is asserted while any of its lines is") {
    Told told;
    IrqInputs inputs([&](std::uint32_t gsi, bool asserted) { told.emplace_back(gsi, asserted); });
    dev::IrqLine& one = inputs.line(5);
    dev::IrqLine& other = inputs.line(5);
    one.set(true);
    other.set(true);
    one.set(false);
    CHECK(inputs.is_asserted(5));
    other.set(false);
    CHECK(told == Told{{5, true}, {5, false}});
}

TEST_CASE("an input that is replaced has the level that it is given, and then again that of its lines") {
    Told told;
    IrqInputs inputs([&](std::uint32_t gsi, bool asserted) { told.emplace_back(gsi, asserted); });
    dev::IrqLine& clock = inputs.line(IrqInputs::kClock);
    clock.set(true);
    inputs.replace(IrqInputs::kClock, false);
    CHECK(!inputs.is_asserted(IrqInputs::kClock));
    clock.set(false);
    clock.set(true);
    CHECK(told == Told{{8, true}, {8, false}});
    inputs.replace(IrqInputs::kClock, true);
    inputs.replace(IrqInputs::kClock, true);
    CHECK(told == Told{{8, true}, {8, false}, {8, true}});
    inputs.resend();
    CHECK(told.back() == std::pair(8U, true));
    inputs.replace(IrqInputs::kClock, false);
    inputs.replace(IrqInputs::kClock, std::nullopt);
    CHECK(inputs.is_asserted(IrqInputs::kClock));
    inputs.replace(IrqInputs::kTimer, true);
    CHECK(inputs.is_asserted(IrqInputs::kTimer));
}

TEST_CASE("an input is told of once more only while it is asserted") {
    Told told;
    IrqInputs inputs([&](std::uint32_t gsi, bool asserted) { told.emplace_back(gsi, asserted); });
    dev::IrqLine& line = inputs.line(20);
    inputs.repeat(20);
    CHECK(told.empty());
    line.set(true);
    inputs.repeat(20);
    CHECK(told == Told{{20, true}, {20, true}});
    CHECK(inputs.driven() == std::vector<std::uint32_t>{IrqInputs::kTimer, IrqInputs::kClock, 20});
}
