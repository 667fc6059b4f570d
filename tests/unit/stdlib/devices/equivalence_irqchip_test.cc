// The interrupt controllers and the timer of the catalog beside the C++ classes that machines use: the same accesses at
// the same times give the same reads, vectors, messages and lines, with saves and restores on the way.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <deque>

#include "devices/irqchip/apic_bus.h"
#include "devices/irqchip/i8254.h"
#include "devices/irqchip/i8259_pair.h"
#include "devices/irqchip/io_apic.h"
#include "rig.h"

using namespace nyx;
using namespace nyx::dev::irqchip;
using stdlib::Random;
using stdlib::Rig;

namespace {

constexpr int kSteps = 6000;

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

// What a guest might write to the 8254: all kinds of control words, counts that are not too short for counter 0.
struct PitWrite {
    std::uint64_t port;
    std::uint8_t value;
};
PitWrite pit_write(Random& random) {
    const std::uint64_t port = std::array<std::uint64_t, 6>{0x40, 0x41, 0x42, 0x43, 0x43, 0x61}[random.below(6)];
    auto value = static_cast<std::uint8_t>(random.next());
    if (port == 0x40) value |= 1;
    if (port == 0x43 && random.below(3) != 0) value = static_cast<std::uint8_t>((value & 0xCE) | 0x30);
    return {port, value};
}

}  // namespace

TEST_CASE("the 8254 in Nyx gives what the class gives") {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        CAPTURE(seed);
        Random random(seed);
        dev::FakeClock clock;
        dev::FakeTimers timers{clock};
        dev::FakeIrqLine irq0;
        // Nobody listens, and so no tick is owed: the model in Nyx has no backlog.
        I8254 model(clock, timers, [&](bool level) {
            irq0.set(level);
            return false;
        });
        Rig rig("i8254");
        const auto in = [&](std::uint64_t port) {
            return port == 0x61 ? rig.read("control_b", 0) : rig.read("counters", port - 0x40);
        };
        for (int step = 0; step < kSteps; ++step) {
            CAPTURE(step);
            const auto port = std::array<std::uint64_t, 4>{0x40, 0x41, 0x42, 0x61}[random.below(4)];
            switch (random.below(4)) {
                case 0: {
                    const PitWrite one = pit_write(random);
                    model.write(one.port, one.value);
                    if (one.port == 0x61) rig.write("control_b", 0, one.value);
                    if (one.port != 0x61) rig.write("counters", one.port - 0x40, one.value);
                    break;
                }
                case 1:
                case 2: {
                    CAPTURE(port);
                    REQUIRE(in(port) == model.read(port));
                    break;
                }
                default: {
                    const std::uint64_t ns =
                        random.below(std::array<std::uint64_t, 3>{3'000, 300'000, 90'000'000}[random.below(3)]);
                    timers.advance(ns);
                    rig.advance(ns);
                    break;
                }
            }
            if (random.below(50) == 0) rig.replace();
        }
    }
}

TEST_CASE("counter 0 of the 8254 in Nyx interrupts as often as the class") {
    for (const unsigned mode : {2U, 3U}) {
        for (const std::uint64_t count : {100U, 1193U, 11932U, 65535U}) {
            CAPTURE(mode);
            CAPTURE(count);
            dev::FakeClock clock;
            dev::FakeTimers timers{clock};
            dev::FakeIrqLine irq0;
            I8254 model(clock, timers, [&](bool level) {
                irq0.set(level);
                return false;
            });
            Rig rig("i8254");
            const auto out = [&](std::uint64_t port, std::uint64_t value) {
                model.write(port, static_cast<std::uint8_t>(value));
                rig.write("counters", port - 0x40, value);
            };
            out(0x43, 0x30 | mode << 1);
            out(0x40, count);
            out(0x40, count >> 8);
            for (int i = 0; i < 20; ++i) {
                timers.advance(7'770'001);
                rig.advance(7'770'001);
                const int difference = irq0.rises - rig.line("out0").rises;
                CHECK((difference == 0 || difference == 1 || difference == -1));
            }
            CHECK(irq0.rises > 1);
        }
    }
}

TEST_CASE("the 8259s in Nyx give what the classes give") {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        CAPTURE(seed);
        Random random(seed);
        bool intr = false;
        I8259Pair model([&](bool level) { intr = level; });
        Rig rig("i8259");
        const auto bank = [](std::uint64_t port) {
            return port >= 0x4D0 ? "edge_level" : port >= 0xA0 ? "slave_ports" : "master_ports";
        };
        const auto out = [&](std::uint64_t port, std::uint8_t value) {
            model.write(port, value);
            rig.write(bank(port), port & 1, value);
        };
        for (int step = 0; step < kSteps; ++step) {
            CAPTURE(step);
            const std::uint64_t port =
                std::array<std::uint64_t, 6>{0x20, 0x21, 0xA0, 0xA1, 0x4D0, 0x4D1}[random.below(6)];
            const auto line = static_cast<unsigned>(random.below(16));
            switch (random.below(9)) {
                case 0:
                case 1:
                case 2:
                    model.set_irq(line, true);
                    rig.bring("rise", line);
                    break;
                case 3:
                    model.set_irq(line, false);
                    rig.bring("fall", line);
                    break;
                case 4:
                    rig.bring("inta");
                    REQUIRE(rig.sent("vector").back() == model.acknowledge());
                    break;
                case 5:
                    REQUIRE(rig.read(bank(port), port & 1) == model.read(port));
                    break;
                case 6:
                    // Ends of interrupts and operation command words, most of the time.
                    out(port & ~1ULL, static_cast<std::uint8_t>(random.next() & 0xEF));
                    break;
                case 7:
                    if (random.below(8) == 0) {
                        const std::uint64_t chip = random.below(2) == 0 ? 0x20 : 0xA0;
                        const auto icw1 = static_cast<std::uint8_t>(random.next() | 0x10);
                        out(chip, icw1);
                        for (int i = 0; i < 3; ++i) out(chip | 1, static_cast<std::uint8_t>(random.next()));
                    }
                    break;
                default:
                    out(port, static_cast<std::uint8_t>(random.next() & (port & 1 ? random.next() : 0xFF)));
                    break;
            }
            REQUIRE(rig.line("intr").asserted == intr);
            REQUIRE(rig.device->broken_invariant() == "");
            if (random.below(50) == 0) rig.replace();
        }
    }
}

TEST_CASE("the I/O APIC in Nyx gives what the class gives") {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        CAPTURE(seed);
        Random random(seed);
        Messages messages;
        IoApic model(messages);
        Rig rig("io_apic");
        const auto out = [&](std::uint64_t offset, std::uint32_t value) {
            model.write(offset, value);
            rig.write("window", offset, value, 4);
        };
        for (int step = 0; step < kSteps; ++step) {
            CAPTURE(step);
            const auto pin = static_cast<unsigned>(random.below(24));
            switch (random.below(6)) {
                case 0:
                    model.set_irq(pin, true);
                    rig.bring("rise", pin);
                    break;
                case 1:
                    model.set_irq(pin, false);
                    rig.bring("fall", pin);
                    break;
                case 2: {
                    const auto vector = static_cast<std::uint8_t>(random.below(8));
                    model.eoi(vector);
                    rig.bring("eoi", vector);
                    break;
                }
                case 3:
                    out(kIoRegSel, static_cast<std::uint32_t>(random.below(0x44)));
                    break;
                case 4:
                    // Few vectors, seldom masked.
                    out(kIoWin, static_cast<std::uint32_t>(random.next() & 0xFF00AF07) |
                                    (random.below(4) == 0 ? 0x10000U : 0U));
                    break;
                default:
                    REQUIRE(rig.read("window", kIoWin, 4) == model.read(kIoWin));
                    REQUIRE(rig.read("window", kIoRegSel, 4) == model.read(kIoRegSel));
            }
            REQUIRE(rig.sent("message") == messages.all);
            if (random.below(50) == 0) rig.replace();
        }
        CHECK(messages.all.size() > 100);
    }
}

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

std::uint32_t apic_value(Random& random, std::uint64_t reg) {
    auto value = static_cast<std::uint32_t>(random.next());
    if (reg == kApicSvr) return value | (random.below(5) != 0 ? kSvrEnabled : 0U);
    if (reg == kApicIcr) return (value & 0xFFF3FFFF) | (random.below(2) == 0 ? 0x40000U : 0xC0000U);
    if (reg == kApicLvtTimer) return value & 0x200FF;
    if (reg == kApicInitialCount) return value >> random.below(24);
    return value;
}

}  // namespace

TEST_CASE("the local APIC in Nyx gives what the class gives") {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        CAPTURE(seed);
        Random random(seed);
        OneApic model;
        Rig rig("local_apic");
        for (int step = 0; step < kSteps; ++step) {
            CAPTURE(step);
            const std::uint64_t reg = random.below(0x41);
            CAPTURE(reg);
            switch (random.below(8)) {
                case 0:
                case 1: {
                    const std::uint32_t value = apic_value(random, reg);
                    model.apic.write_page(reg * 16, 4, value);
                    rig.write("page", reg * 16, value, 4);
                    break;
                }
                case 2:
                    REQUIRE(rig.read("page", reg * 16, 4) == model.apic.read_page(reg * 16, 4));
                    break;
                case 3: {
                    const auto vector = static_cast<std::uint8_t>(random.next());
                    const bool level = random.below(2) == 0;
                    model.apic.accept({.vector = vector, .level = level});
                    rig.bring("message", vector | (level ? 0x8000U : 0U));
                    break;
                }
                case 4: {
                    const bool asserted = random.below(2) == 0;
                    const std::uint64_t pin = random.below(2);
                    if (pin == 0) model.apic.set_lint0(asserted);
                    if (pin == 1) model.apic.set_lint1(asserted);
                    rig.bring(asserted ? "rise" : "fall", pin);
                    break;
                }
                case 5: {
                    rig.sent("vector").clear();
                    rig.bring("inta");
                    const std::uint8_t vector = model.apic.acknowledge();
                    if (!rig.sent("vector").empty()) REQUIRE(rig.sent("vector").back() == vector);
                    break;
                }
                case 6:
                    model.apic.write_page(0xB0, 4, 0);
                    rig.write("page", 0xB0, 0, 4);
                    break;
                default: {
                    const std::uint64_t us =
                        random.below(std::array<std::uint64_t, 3>{5, 100, 20'000}[random.below(3)]);
                    model.timers.advance(us * 1000);
                    rig.advance(us * 1000);
                }
            }
            REQUIRE(rig.line("intr").asserted == ((model.apic.pending() & kSignalInterrupt) != 0));
            REQUIRE(std::ranges::equal(rig.sent("eoi"), model.eois));
            REQUIRE(rig.device->broken_invariant() == "");
            if (random.below(50) == 0) rig.replace();
        }
        CHECK(model.eois.size() > 10);
    }
}
