// Random operations on three local APICs; after each, what the SDM promises of every state.
#include <doctest/doctest.h>

#include <random>

#include "tests/unit/devices/irqchip/apic_fixture.h"

using namespace nyx::dev;
using namespace nyx::dev::irqchip;

namespace {
// Written apart from the local APIC, over its registers as software reads them.
unsigned highest(LocalApic& apic, std::uint32_t reg) {
    for (unsigned vector = 255; vector >= 16; --vector)
        if (apic.read_page((reg + vector / 32) * 16, 4) >> (vector % 32) & 1) return vector;
    return 0;
}

// In xAPIC mode, with LINT0 low.
void check_registers(LocalApic& apic) {
    auto tpr = static_cast<unsigned>(apic.read_page(kApicTpr * 16, 4));
    unsigned served = highest(apic, kApicIsr);
    unsigned ppr = tpr / 16 >= served / 16 ? tpr : served / 16 * 16;
    REQUIRE(apic.read_page(kApicPpr * 16, 4) == ppr);
    bool expected = highest(apic, kApicIrr) / 16 > ppr / 16;
    REQUIRE(((apic.pending() & kSignalInterrupt) != 0) == expected);
    REQUIRE((apic.read_page(kApicIrr * 16, 4) & 0xFFFF) == 0);
    REQUIRE((apic.read_page(kApicIsr * 16, 4) & 0xFFFF) == 0);
    bool enabled = apic.read_page(kApicSvr * 16, 4) & kSvrEnabled;
    for (std::uint32_t reg = kApicLvtTimer; reg <= kApicLvtError; ++reg)
        if (!enabled) REQUIRE((apic.read_page(reg * 16, 4) & kLvtMasked));
}

void check_saved(LocalApic& apic, LocalApic& twin) {
    StateWriter writer;
    apic.save(writer);
    auto fields = writer.take();
    StateReader reader(fields);
    REQUIRE(twin.restore(reader));
    StateWriter again;
    twin.save(again);
    REQUIRE(again.take() == fields);
    REQUIRE(twin.pending() == apic.pending());
}

struct Fuzz {
    std::mt19937 random{4};
    Apics apics{3};
    unsigned below(unsigned n) { return static_cast<unsigned>(random()) % n; }

    void processor(LocalApic& apic) {
        std::uint32_t before = apic.pending();
        if (before & kSignalInit) {
            CHECK(apic.take_init());
        } else if (before & kSignalStartUp) {
            CHECK(apic.take_start_up());
        } else if (before & kSignalInterrupt) {
            std::uint8_t vector = apic.acknowledge();
            bool from_8259 = vector == 7;
            CHECK((from_8259 || apic.in_service().highest() == vector));
        } else if (before & kSignalNmi) {
            CHECK(apic.take_nmi());
        }
    }
    void step() {
        std::uint32_t cpu = below(3);
        LocalApic& apic = apics.apic(cpu);
        switch (below(9)) {
            case 0:
                return apics.set(below(0x40), static_cast<std::uint32_t>(random()), cpu);
            case 1:
                return apics.set(kApicIcr, (static_cast<std::uint32_t>(random()) & ~kLvtMode) | 0x4010, cpu);
            case 2:
                return apics.set(kApicSvr, 0x1FF, cpu);
            case 3:
                return apics.eoi(cpu);
            case 4:
                return apics.set(kApicTpr, below(64), cpu);
            case 5:
                return apics.timers.advance(below(100'000));
            case 6:
                apics.bus->deliver({.destination = below(4),
                                    .logical = below(2) == 0,
                                    .mode = delivery_mode(below(8) << 8),
                                    .vector = static_cast<std::uint8_t>(random()),
                                    .level = below(2) == 0});
                return;
            default:
                return processor(apic);
        }
    }
};
}  // namespace

TEST_CASE("Local APIC: an interrupt is pending exactly if the highest request is above the processor's priority") {
    Fuzz fuzz;
    std::mt19937& random = fuzz.random;
    for (int i = 0; i < 20'000; ++i) {
        std::uint32_t cpu = fuzz.below(3);
        LocalApic& apic = fuzz.apics.apic(cpu);
        auto vector = static_cast<std::uint8_t>(random());
        switch (fuzz.below(6)) {
            case 0:
                fuzz.apics.set(kApicSvr, fuzz.below(8) ? 0x1FF : 0xFF, cpu);
                break;
            case 1:
                apic.accept({.vector = vector, .level = fuzz.below(2) == 0});
                break;
            case 2:
                fuzz.apics.set(fuzz.below(2) ? kApicTpr : kApicEoi, vector, cpu);
                break;
            case 3:
                fuzz.apics.set(kApicIcr, (static_cast<std::uint32_t>(random()) & 0xC'00FF) | 0x4000, cpu);
                break;
            case 4:
                fuzz.apics.set(kApicLvtTimer + fuzz.below(8), static_cast<std::uint32_t>(random()) & 0x300FF, cpu);
                break;
            default:
                if (!apic.waits_for_start_up()) fuzz.processor(apic);
                apic.accept({.mode = DeliveryMode::kStartUp});
                apic.take_start_up();
        }
        if (!apic.waits_for_start_up()) check_registers(apic);
    }
}

TEST_CASE("Local APIC: any sequence of operations is survived, and what it leaves can be saved and restored") {
    Fuzz fuzz;
    Apics twins(3);
    for (int i = 0; i < 60'000; ++i) {
        bool external = false;
        for (std::uint32_t cpu = 0; cpu < 3; ++cpu) external |= fuzz.apics.apic(cpu).waits_for_start_up();
        fuzz.step();
        if (external && fuzz.below(4) == 0)
            fuzz.apics.bus->deliver({.destination = 0xFF, .mode = DeliveryMode::kStartUp});
        if (i % 300 != 0) continue;
        for (std::uint32_t cpu = 0; cpu < 3; ++cpu) {
            twins.clock.now_ns = fuzz.apics.clock.now_ns;
            check_saved(fuzz.apics.apic(cpu), twins.apic(cpu));
        }
    }
}

TEST_CASE("x2APIC: any MSR with any value either faults or leaves a state that can be saved and restored") {
    Fuzz fuzz;
    Apics twins(3);
    for (int i = 0; i < 40'000; ++i) {
        std::uint32_t cpu = fuzz.below(3);
        LocalApic& apic = fuzz.apics.apic(cpu);
        if (fuzz.below(8) == 0) fuzz.apics.x2apic(cpu);
        if (fuzz.below(64) == 0) apic.write_msr(kMsrApicBase, kApicBase | kBaseEnabled | (fuzz.random() & 0xC00));
        std::uint64_t value = fuzz.random() & (fuzz.below(2) ? 0x3FF : 0xC4FFF);
        apic.write_msr(kFirstX2ApicMsr + fuzz.below(0x40), value | std::uint64_t{fuzz.below(4)} << 32);
        fuzz.step();
        if (i % 200 == 0) check_saved(apic, twins.apic(cpu));
    }
}
