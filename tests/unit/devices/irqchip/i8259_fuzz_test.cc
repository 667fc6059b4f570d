// Random operations on the two 8259As; after each, what the data sheet promises of every state.
#include <doctest/doctest.h>

#include <random>

#include "devices/irqchip/i8259_pair.h"

using namespace nyx::dev::irqchip;

namespace {
// Written apart from the chip: from its registers alone, does INT have to be asserted? Fixed priorities, no special
// modes.
bool expects_interrupt(const I8259& chip) {
    auto open = static_cast<std::uint8_t>(chip.irr() & ~chip.imr());
    for (unsigned line = 0; line < kPicLines; ++line) {
        if (chip.isr() & (1U << line)) return false;
        if (open & (1U << line)) return true;
    }
    return false;
}

void init(I8259Pair& pics, std::uint8_t icw4) {
    for (std::uint64_t port : {I8259Pair::kMasterPort, I8259Pair::kSlavePort}) {
        pics.write(port, 0x11);
        for (std::uint8_t word : {std::uint8_t{0x20}, std::uint8_t{4}, icw4}) pics.write(port + 1, word);
    }
}
}  // namespace

TEST_CASE("8259A: INT is the highest unmasked request above what is in service, whatever came before") {
    std::mt19937 random(1);
    auto below = [&](unsigned n) { return static_cast<unsigned>(random()) % n; };
    for (int round = 0; round < 200; ++round) {
        I8259Pair pics;
        init(pics, below(2) ? 1 : 3);
        for (int step = 0; step < 200; ++step) {
            std::uint64_t port = below(2) ? I8259Pair::kMasterPort : I8259Pair::kSlavePort;
            switch (below(6)) {
                case 0:
                case 1:
                    pics.set_irq(below(16), below(2));
                    break;
                case 2: {
                    bool had = pics.has_interrupt();
                    std::uint8_t before = pics.master().isr();
                    pics.acknowledge();
                    if (!had) CHECK(pics.master().isr() == before);
                    break;
                }
                case 3:
                    pics.write(port, static_cast<std::uint8_t>(below(2) ? 0x20 : 0x60 | below(8)));
                    break;
                case 4:
                    pics.write(port + 1, static_cast<std::uint8_t>(random()));
                    break;
                default:
                    pics.write(I8259Pair::kElcrPort + below(2), static_cast<std::uint8_t>(random()));
            }
            REQUIRE(pics.slave().has_interrupt() == expects_interrupt(pics.slave()));
            REQUIRE(pics.master().has_interrupt() == expects_interrupt(pics.master()));
            if (!pics.slave().has_interrupt()) REQUIRE(!(pics.master().irr() & (1U << kCascadeLine)));
        }
    }
}

TEST_CASE("8259A: any sequence of bytes and lines is survived, and what it leaves can be saved and restored") {
    std::mt19937 random(2);
    I8259Pair pics;
    const std::uint64_t ports[] = {0x20, 0x21, 0xA0, 0xA1, 0x4D0, 0x4D1};
    for (int step = 0; step < 50'000; ++step) {
        unsigned choice = static_cast<unsigned>(random());
        if (choice % 4 == 0) pics.set_irq(choice / 4 % 16, choice & 0x100);
        if (choice % 4 == 1) pics.read(ports[choice / 4 % 6]);
        if (choice % 4 == 2) pics.write(ports[choice / 4 % 6], static_cast<std::uint8_t>(choice >> 8));
        if (choice % 4 == 3) pics.acknowledge();
        if (step % 500 != 0) continue;
        nyx::dev::StateWriter writer;
        pics.save(writer);
        auto fields = writer.take();
        I8259Pair twin;
        nyx::dev::StateReader reader(fields);
        REQUIRE(twin.restore(reader));
        CHECK(twin.has_interrupt() == pics.has_interrupt());
        CHECK(twin.acknowledge() == pics.acknowledge());
    }
}
