// Random guests: every type, every width and offset, time and input in between. What must hold: no crash (sanitizers
// watch), no bits above the width of a read, and a device restored from any state is that state and behaves the same
// from then on.
#include <doctest/doctest.h>

#include <random>

#include "devices/kit/saved_device.h"
#include "tests/unit/devices/catalog_bench.h"

using namespace nyx;
using namespace nyx::dev;

namespace {

struct Step {
    enum class Kind { kRead, kWrite, kTime, kInput, kButton, kReset } kind = Kind::kRead;
    Access access;
    std::uint64_t value = 0;
};

class Guest {
  public:
    Guest(const CatalogBench& bench, unsigned seed) : sizes_(bench.region_sizes()), random_(seed) {}

    Step next() {
        Step step;
        std::uint64_t roll = number(100);
        step.kind = roll < 40   ? Step::Kind::kWrite
                    : roll < 80 ? Step::Kind::kRead
                    : roll < 90 ? Step::Kind::kTime
                    : roll < 97 ? Step::Kind::kInput
                    : roll < 99 ? Step::Kind::kButton
                                : Step::Kind::kReset;
        step.access = access();
        // Small values reach more of a device than evenly spread ones.
        step.value = number(3) == 0 ? number(256) : random_();
        return step;
    }

  private:
    std::uint64_t number(std::uint64_t below) { return random_() % below; }
    Access access() {
        auto region = static_cast<std::uint32_t>(number(sizes_.size()));
        std::uint64_t size = sizes_[region];
        std::uint8_t width = 1;
        do width = static_cast<std::uint8_t>(1 << number(4));
        while (width > size);
        return {region, number(size - width + 1), width};
    }

    std::vector<std::uint64_t> sizes_;
    std::mt19937_64 random_;
};

std::uint64_t apply(CatalogBench& bench, const Step& step) {
    Device& device = *bench.device;
    switch (step.kind) {
        case Step::Kind::kRead:
            return device.read(step.access);
        case Step::Kind::kWrite:
            device.write(step.access, step.value & width_mask(step.access.width));
            return device.select(step.access, true);
        case Step::Kind::kTime:
            bench.timers.advance(step.value % 3'000'000'000);
            return 0;
        case Step::Kind::kInput: {
            if (!device.byte_receiver()) return 0;
            if (step.value % 16 == 0) device.byte_receiver()->receive_break();
            Bytes typed(step.value % 24, static_cast<std::uint8_t>(step.value));
            return device.byte_receiver()->receive(typed);
        }
        case Step::Kind::kButton:
            if (device.power_button()) device.power_button()->press_power_button();
            return 0;
        case Step::Kind::kReset:
            device.reset();
            return 0;
    }
    return 0;
}

// The ids of fields in which two units of one type differ: "3 7 ".
std::string differing_fields(const StateUnit& a, const StateUnit& b) {
    std::string ids;
    for (std::size_t i = 0; i < std::min(a.fields.size(), b.fields.size()); ++i)
        if (!(a.fields[i] == b.fields[i])) ids += std::to_string(a.fields[i].id) + ' ';
    return a.fields.size() == b.fields.size() ? ids : ids + "number of fields";
}

StateUnit saved(const CatalogBench& bench) {
    return save_device(bench.plan.name, bench.plan.type, *bench.device);
}

Status restore(CatalogBench& bench, const StateUnit& unit) {
    return restore_device(bench.plan.name, bench.plan.type, *bench.device, unit);
}

bool same_outside(const CatalogBench& a, const CatalogBench& b) {
    return a.lines[0].asserted == b.lines[0].asserted && a.lines[1].asserted == b.lines[1].asserted;
}

}  // namespace

TEST_CASE("catalog fuzz: no access of any width at any offset disturbs a device, and reads keep to their width") {
    for (const std::string_view type : type_names()) {
        CAPTURE(type);
        for (unsigned seed = 1; seed <= 5; ++seed) {
            CatalogBench bench(type);
            REQUIRE(bench.device);
            Guest guest(bench, seed);
            bool in_width = true;
            for (int i = 0; i < 4000; ++i) {
                Step step = guest.next();
                std::uint64_t result = apply(bench, step);
                if (step.kind == Step::Kind::kRead) in_width &= (result & ~width_mask(step.access.width)) == 0;
                std::uint32_t selected = bench.device->select(step.access, false);
                in_width &= selected == kNoRegister || selected < bench.device->registers().size();
            }
            CHECK(in_width);
        }
    }
}

TEST_CASE("catalog fuzz: saved and restored after every step, a device is the same and goes on the same") {
    for (const std::string_view type : type_names()) {
        CAPTURE(type);
        for (unsigned seed = 11; seed <= 13; ++seed) {
            CatalogBench original(type);
            CatalogBench copy(type);
            REQUIRE(original.device);
            Guest guest(original, seed);
            for (int i = 0; i < 1500; ++i) {
                CAPTURE(i);
                StateUnit unit = saved(original);
                auto decoded = decode_state(encode_state(unit));
                REQUIRE(decoded);
                REQUIRE(restore(copy, *decoded));
                REQUIRE(differing_fields(saved(copy), unit) == "");
                REQUIRE(same_outside(original, copy));
                Step step = guest.next();
                REQUIRE(apply(original, step) == apply(copy, step));
                StateUnit after = saved(original);
                REQUIRE(differing_fields(saved(copy), after) == "");
                REQUIRE(same_outside(original, copy));
            }
        }
    }
}

TEST_CASE("catalog fuzz: a state with bytes changed is refused, or taken and survived") {
    for (const std::string_view type : type_names()) {
        CAPTURE(type);
        CatalogBench bench(type);
        REQUIRE(bench.device);
        Guest guest(bench, 21);
        std::mt19937_64 random(22);
        for (int i = 0; i < 3000; ++i) {
            StateUnit unit = saved(bench);
            if (!unit.fields.empty()) {
                Bytes& value = unit.fields[random() % unit.fields.size()].value;
                if (!value.empty()) value[random() % value.size()] = static_cast<std::uint8_t>(random());
            }
            StateUnit before = saved(bench);
            if (!restore(bench, unit)) {
                CHECK(saved(bench) == before);
            }
            apply(bench, guest.next());
        }
    }
}
