// The local APIC of the catalog beside the C++ class that machines use: the same accesses at the same times give the
// same reads, vectors and ends of interrupts, with saves and restores on the way.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <vector>

#include "devices/irqchip/apic_bus.h"
#include "rig.h"

using namespace nyx;
using namespace nyx::dev::irqchip;
using stdlib::kSeeds;
using stdlib::kSteps;
using stdlib::Random;
using stdlib::Rig;

namespace {

// A boot processor's local APIC, alone on its bus.
struct OneApic {
    dev::FakeClock clock;
    dev::FakeTimers timers{clock};
    std::vector<std::uint8_t> eois;
    ApicBus bus{{.clock = clock,
                 .timers = timers,
                 .ns_of_tsc = [](std::uint32_t, std::uint64_t) { return ~std::uint64_t{0} >> 2; },
                 .kick = [](std::uint32_t) {},
                 .acknowledge_ext_int = [] { return std::uint8_t{0}; },
                 .eoi =
                     [this](std::uint8_t vector, bool broadcast) {
                         if (broadcast) eois.push_back(vector);
                     }},
                std::array{LocalApicConfig{.id = 0, .boot_processor = true, .physical_bits = 40}}};
    LocalApic& apic = bus.apic(0);
};

struct BothApics {
    OneApic model;
    Rig rig{"local_apic"};

    void out(std::uint64_t reg, std::uint32_t value) {
        model.apic.write_page(reg * 16, 4, value);
        rig.write("page", reg * 16, value, 4);
    }
    void same_read(std::uint64_t reg) { REQUIRE(rig.read("page", reg * 16, 4) == model.apic.read_page(reg * 16, 4)); }
    void message(std::uint8_t vector, bool level) {
        model.apic.accept({.vector = vector, .level = level});
        rig.bring("message", vector | (level ? 0x8000U : 0U));
    }
    void set_lint(std::uint64_t pin, bool asserted) {
        if (pin == 0) model.apic.set_lint0(asserted);
        if (pin == 1) model.apic.set_lint1(asserted);
        rig.bring(asserted ? "rise" : "fall", pin);
    }
    void same_vector() {
        rig.sent("vector").clear();
        rig.bring("inta");
        const std::uint8_t vector = model.apic.acknowledge();
        if (!rig.sent("vector").empty()) REQUIRE(rig.sent("vector").back() == vector);
    }
    void advance(std::uint64_t ns) {
        model.timers.advance(ns);
        rig.advance(ns);
    }
    void same_signals() {
        REQUIRE(rig.line("intr").asserted == ((model.apic.pending() & kSignalInterrupt) != 0));
        REQUIRE(std::ranges::equal(rig.sent("eoi"), model.eois));
        REQUIRE(rig.device->broken_invariant() == "");
    }
};

std::uint32_t apic_value(Random& random, std::uint64_t reg) {
    auto value = static_cast<std::uint32_t>(random.next());
    if (reg == kApicSvr) return value | (random.below(5) != 0 ? kSvrEnabled : 0U);
    if (reg == kApicIcr) return (value & 0xFFF3FFFF) | (random.below(2) == 0 ? 0x40000U : 0xC0000U);
    if (reg == kApicLvtTimer) return value & 0x200FF;
    if (reg == kApicInitialCount) return value >> random.below(24);
    return value;
}

void step(BothApics& both, Random& random) {
    const std::uint64_t reg = random.below(0x41);
    CAPTURE(reg);
    switch (random.below(8)) {
        case 0:
        case 1:
            return both.out(reg, apic_value(random, reg));
        case 2:
            return both.same_read(reg);
        case 3: {
            const auto vector = static_cast<std::uint8_t>(random.next());
            return both.message(vector, random.below(2) == 0);
        }
        case 4: {
            const bool asserted = random.below(2) == 0;
            return both.set_lint(random.below(2), asserted);
        }
        case 5:
            return both.same_vector();
        case 6:
            return both.out(kApicEoi, 0);
        default:
            return both.advance(1000 * random.below(std::array<std::uint64_t, 3>{5, 100, 20'000}[random.below(3)]));
    }
}

}  // namespace

TEST_CASE("the local APIC in Nyx gives what the class gives") {
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        CAPTURE(seed);
        Random random(seed);
        BothApics both;
        for (int i = 0; i < kSteps; ++i) {
            CAPTURE(i);
            step(both, random);
            both.same_signals();
            if (random.below(50) == 0) both.rig.replace();
        }
        CHECK(both.model.eois.size() > 10);
    }
}
