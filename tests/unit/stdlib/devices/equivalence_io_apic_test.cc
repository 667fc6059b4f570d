// The I/O APIC of the catalog beside the C++ class that machines use: the same accesses at the same times give the same
// reads and messages, with saves and restores on the way.
#include <doctest/doctest.h>

#include <deque>

#include "devices/irqchip/io_apic.h"
#include "rig.h"

using namespace nyx;
using namespace nyx::dev::irqchip;
using stdlib::kSeeds;
using stdlib::kSteps;
using stdlib::Random;
using stdlib::Rig;

namespace {

struct Messages final : MessageSink {
    bool deliver(const ApicMessage& message) override {
        const std::uint64_t bits = message.vector | static_cast<std::uint64_t>(message.mode) << 8 |
                                   std::uint64_t{message.logical} << 11 | std::uint64_t{message.level} << 15 |
                                   std::uint64_t{message.destination} << 56;
        all.push_back(bits);
        return true;
    }
    std::deque<std::uint64_t> all;
};

struct BothIoApics {
    Messages messages;
    IoApic model{messages};
    Rig rig{"io_apic"};

    void out(std::uint64_t offset, std::uint32_t value) {
        model.write(offset, value);
        rig.write("window", offset, value, 4);
    }
    void set_irq(unsigned pin, bool level) {
        model.set_irq(pin, level);
        rig.bring(level ? "rise" : "fall", pin);
    }
    void eoi(std::uint8_t vector) {
        model.eoi(vector);
        rig.bring("eoi", vector);
    }
    void same_reads() {
        REQUIRE(rig.read("window", kIoWin, 4) == model.read(kIoWin));
        REQUIRE(rig.read("window", kIoRegSel, 4) == model.read(kIoRegSel));
    }
};

void step(BothIoApics& both, Random& random) {
    const auto pin = static_cast<unsigned>(random.below(24));
    switch (random.below(6)) {
        case 0:
            return both.set_irq(pin, true);
        case 1:
            return both.set_irq(pin, false);
        case 2:
            return both.eoi(static_cast<std::uint8_t>(random.below(8)));
        case 3:
            return both.out(kIoRegSel, static_cast<std::uint32_t>(random.below(0x44)));
        case 4: {  // few vectors, seldom masked
            const auto entry = static_cast<std::uint32_t>(random.next() & 0xFF00AF07);
            return both.out(kIoWin, entry | (random.below(4) == 0 ? 0x10000U : 0U));
        }
        default:
            return both.same_reads();
    }
}

}  // namespace

TEST_CASE("the I/O APIC in Nyx gives what the class gives") {
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
        CAPTURE(seed);
        Random random(seed);
        BothIoApics both;
        for (int i = 0; i < kSteps; ++i) {
            CAPTURE(i);
            step(both, random);
            REQUIRE(both.rig.sent("message") == both.messages.all);
            if (random.below(50) == 0) both.rig.replace();
        }
        CHECK(both.messages.all.size() > 100);
    }
}
