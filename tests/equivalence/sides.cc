// The sides of one machine beside each other: what each gets, and that nobody can tell them apart.
#include <algorithm>

#include "tests/equivalence/machine_side.h"

namespace nyx::vm {

Sides::Sides(const Described& machine, std::mt19937_64& random) : native_(machine), random_(random) {
    for (const Side::Paths& paths : {Side::Paths{}, {false, &native_.functions()}, {true, &native_.functions()}})
        sides_.push_back(std::make_unique<Side>(machine, paths));
}

static std::string as_is(std::string text) {
    return text;
}

static std::string sorted(std::string text) {
    std::ranges::sort(text);
    return text;
}

void Sides::compare() {
    const std::vector<dev::StateUnit> table = sides_.front()->saved();
    for (std::size_t i = 0; i < sides_.size(); ++i) {
        CAPTURE(i);
        const auto& side = sides_[i];
        REQUIRE(side->saved() == table);
        // Different doorbells are rung in no order among themselves.
        const auto said = side->is_exit_free && side->has_doorbells ? sorted : as_is;
        REQUIRE(said(side->output.text()) == said(sides_.front()->output.text()));
        REQUIRE(side->levels == sides_.front()->levels);
        REQUIRE(side->control.requests == sides_.front()->control.requests);
        REQUIRE(side->timers.next_deadline() == sides_.front()->timers.next_deadline());
    }
}

void Sides::access(Space space, std::uint64_t address, std::uint8_t width, bool is_write, std::uint64_t value) {
    Side &table = *sides_[0], &native = *sides_[1], &free = *sides_[2];
    CAPTURE(space == Space::kPio);
    CAPTURE(address);
    CAPTURE(width);
    CAPTURE(is_write);
    CAPTURE(value);
    if (is_write) {
        for (auto& side : sides_) side->write(space, address, width, value);
    } else {
        const std::uint64_t read = table.read(space, address, width);
        REQUIRE(native.read(space, address, width) == read);
        REQUIRE(free.read(space, address, width) == read);
    }
    REQUIRE(native.state_bytes() == table.state_bytes());
    REQUIRE(native.levels == table.levels);
    // An interrupt comes at once, whatever waits.
    if (!free.has_doorbells) REQUIRE(free.levels == table.levels);
    REQUIRE(native.output.bytes.size() == table.output.bytes.size());
}

void Sides::random_access() {
    const std::vector<plan::DevicePlan>& devices = sides_[0]->machine.plan.devices;
    const plan::DevicePlan& device = devices[random_() % devices.size()];
    const bool ports = !device.pio.empty() && (device.mmio.empty() || random_() % 2 == 0);
    const std::vector<Range>& ranges = ports ? device.pio : device.mmio;
    const Range range = ranges[random_() % ranges.size()];
    const auto width = static_cast<std::uint8_t>(1u << random_() % (ports ? 3 : 4));
    // Also over the edge, and where nobody is.
    const std::uint64_t address = range.base + random_() % (std::min<std::uint64_t>(range.size, 40) + 2);
    const std::uint64_t value = random_() % 4 == 0 ? random_() : random_() % 9;
    access(ports ? Space::kPio : Space::kMmio, address, width, random_() % 3 != 0,
           value & dev::ir::low_bits(width * 8u));
}

void Sides::operate() {
    if (random_() % 16 == 0) return disturb();
    random_access();
}

void Sides::disturb() {
    const std::uint64_t kind = random_() % 16;
    if (kind < 3) {
        compare();
        snapshot_ = sides_[random_() % sides_.size()]->saved();
    } else if (kind < 6 && snapshot_) {
        const bool restored = sides_.front()->restore(*snapshot_);
        for (std::size_t i = 1; i < sides_.size(); ++i) REQUIRE(sides_[i]->restore(*snapshot_) == restored);
    } else if (kind < 10) {
        const std::uint64_t ns = random_() % 5'000'000;
        for (auto& side : sides_) side->advance(ns);
    } else if (kind < 15) {
        const auto byte = static_cast<std::uint8_t>(random_());
        const std::size_t taken = sides_.front()->receive(byte);
        for (std::size_t i = 1; i < sides_.size(); ++i) REQUIRE(sides_[i]->receive(byte) == taken);
    } else {
        for (auto& side : sides_) side->reset();
    }
}

}  // namespace nyx::vm
