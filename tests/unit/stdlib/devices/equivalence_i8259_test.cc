// The 8259s of the catalog beside the C++ class that machines use: the same accesses at the same times give the same
// reads, vectors and INTR, with saves and restores on the way.
#include <doctest/doctest.h>

#include <array>

#include "devices/irqchip/i8259_pair.h"
#include "rig.h"

using namespace nyx;
using namespace nyx::dev::irqchip;
using stdlib::kSeeds;
using stdlib::kSteps;
using stdlib::Random;
using stdlib::Rig;

namespace {

struct BothPairs {
    bool intr = false;
    I8259Pair model{[this](bool level) { intr = level; }};
    Rig rig{"i8259"};

    static const char* bank(std::uint64_t port) {
        return port >= 0x4D0 ? "edge_level" : port >= 0xA0 ? "slave_ports" : "master_ports";
    }
    void out(std::uint64_t port, std::uint64_t value) {
        model.write(port, static_cast<std::uint8_t>(value));
        rig.write(bank(port), port & 1, value & 0xFF);
    }
    void set_irq(unsigned line, bool level) {
        model.set_irq(line, level);
        rig.bring(level ? "rise" : "fall", line);
    }
    void same_read(std::uint64_t port) { REQUIRE(rig.read(bank(port), port & 1) == model.read(port)); }
    void same_vector() {
        rig.bring("inta");
        REQUIRE(rig.sent("vector").back() == model.acknowledge());
    }
};

void initialise_one(BothPairs& both, Random& random) {
    if (random.below(8) != 0) return;
    const std::uint64_t chip = random.below(2) == 0 ? 0x20 : 0xA0;
    both.out(chip, random.next() | 0x10);
    for (int i = 0; i < 3; ++i) both.out(chip | 1, random.next());
}

void step(BothPairs& both, Random& random) {
    const std::uint64_t port = std::array<std::uint64_t, 6>{0x20, 0x21, 0xA0, 0xA1, 0x4D0, 0x4D1}[random.below(6)];
    const auto line = static_cast<unsigned>(random.below(16));
    switch (random.below(9)) {
        case 0:
        case 1:
        case 2:
            return both.set_irq(line, true);
        case 3:
            return both.set_irq(line, false);
        case 4:
            return both.same_vector();
        case 5:
            return both.same_read(port);
        case 6:  // ends of interrupts and operation command words, most of the time
            return both.out(port & ~1ULL, random.next() & 0xEF);
        case 7:
            return initialise_one(both, random);
        default:
            return both.out(port, random.next() & (port & 1 ? random.next() : 0xFF));
    }
}

}  // namespace

TEST_CASE("the 8259s in Nyx give what the classes give") {
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        CAPTURE(seed);
        Random random(seed);
        BothPairs both;
        for (int i = 0; i < kSteps; ++i) {
            CAPTURE(i);
            step(both, random);
            REQUIRE(both.rig.line("intr").asserted == both.intr);
            REQUIRE(both.rig.device->broken_invariant() == "");
            if (random.below(50) == 0) both.rig.replace();
        }
    }
}
