// Initialisation, priorities and the ends of interrupts.
#include <doctest/doctest.h>

#include "tests/unit/devices/irqchip/i8259_fixture.h"

using namespace nyx;
using namespace nyx::dev;
using namespace nyx::dev::irqchip;

TEST_CASE("8259A before its initialisation requests nothing") {
    Pics pics;
    pics.set_irq(1, true);
    CHECK(!pics.has_interrupt());
    CHECK(pics.acknowledge() == kSpuriousLine);
}

TEST_CASE("SeaBIOS and Linux initialisation: vectors, cascade, masks") {
    Pics pics;
    pics.init();
    CHECK(!pics.has_interrupt());
    pics.write(kMaster + 1, 0xFB);
    pics.write(kSlave + 1, 0xFF);
    CHECK(pics.read(kMaster + 1) == 0xFB);
    pics.pulse(0);
    pics.pulse(8);
    CHECK(!pics.has_interrupt());
    pics.write(kMaster + 1, 0xFA);
    CHECK(pics.has_interrupt());
    CHECK(pics.acknowledge() == 0x30);
    CHECK(!pics.has_interrupt());
    pics.write(kMaster, kEoi);
    pics.write(kSlave + 1, 0xFE);
    CHECK(pics.has_interrupt());
    CHECK(pics.acknowledge() == 0x38);
    CHECK(pics.isr(kMaster) == 0x04);
    CHECK(pics.isr(kSlave) == 0x01);
}

TEST_CASE("ICW1 clears mask and service, makes line 7 the lowest, and needs new edges") {
    Ready pics;
    pics.write(kMaster + 1, 0x55);
    pics.pulse(1);
    CHECK(pics.acknowledge() == 0x31);
    pics.pulse(3);
    pics.init();
    CHECK(pics.read(kMaster + 1) == 0);
    CHECK(pics.isr() == 0);
    CHECK(pics.irr() == 0);
    CHECK(!pics.has_interrupt());
    pics.pulse(3);
    CHECK(pics.acknowledge() == 0x33);
}

TEST_CASE("ICW1 without IC4 ends after ICW3 with auto EOI off, SNGL leaves out ICW3") {
    Ready pics(3);
    pics.write(kMaster, 0x10);
    pics.write(kMaster + 1, 0x40);
    pics.write(kMaster + 1, 0x04);
    pics.write(kMaster + 1, 0xFD);
    CHECK(pics.read(kMaster + 1) == 0xFD);
    pics.pulse(1);
    CHECK(pics.acknowledge() == 0x41);
    CHECK(pics.isr() == 0x02);
    pics.write(kMaster, 0x12);
    pics.write(kMaster + 1, 0x50);
    pics.write(kMaster + 1, 0xF0);
    CHECK(pics.read(kMaster + 1) == 0xF0);
}

TEST_CASE("\"Fully nested mode\": only higher levels interrupt; EOI lets the next in") {
    Ready pics;
    pics.pulse(4);
    CHECK(pics.acknowledge() == 0x34);
    pics.pulse(5);
    CHECK(!pics.has_interrupt());
    pics.pulse(3);
    CHECK(pics.acknowledge() == 0x33);
    CHECK(pics.isr() == 0x18);
    pics.write(kMaster, kEoi);
    CHECK(pics.isr() == 0x10);
    CHECK(!pics.has_interrupt());
    pics.write(kMaster, kEoi);
    CHECK(pics.acknowledge() == 0x35);
}

TEST_CASE("\"End of interrupt\": specific EOI ends the level that it names") {
    Ready pics;
    pics.pulse(5);
    pics.acknowledge();
    pics.pulse(1);
    pics.acknowledge();
    pics.write(kMaster, 0x60 | 5);
    CHECK(pics.isr() == 0x02);
    pics.write(kMaster, 0x40);
    CHECK(pics.isr() == 0x02);
}

TEST_CASE("\"Automatic end of interrupt mode\": nothing stays in service; rotation makes the served line lowest") {
    Ready pics(3);
    pics.pulse(0);
    pics.pulse(1);
    CHECK(pics.acknowledge() == 0x30);
    CHECK(pics.isr() == 0);
    CHECK(pics.acknowledge() == 0x31);
    pics.write(kMaster, 0x80);
    pics.pulse(0);
    CHECK(pics.acknowledge() == 0x30);
    pics.pulse(0);
    pics.pulse(7);
    CHECK(pics.acknowledge() == 0x37);
    CHECK(pics.acknowledge() == 0x30);
    pics.write(kMaster, 0x00);
    pics.pulse(1);
    CHECK(pics.acknowledge() == 0x31);
    pics.pulse(0);
    pics.pulse(1);
    CHECK(pics.acknowledge() == 0x31);
}

TEST_CASE("\"Automatic rotation\" and \"Specific rotation\"") {
    Ready pics;
    pics.pulse(4);
    pics.pulse(6);
    CHECK(pics.acknowledge() == 0x34);
    pics.write(kMaster, 0xA0);
    CHECK(pics.isr() == 0);
    pics.pulse(4);
    CHECK(pics.acknowledge() == 0x36);
    pics.write(kMaster, 0xE0 | 6);
    pics.pulse(0);
    pics.pulse(7);
    CHECK(pics.acknowledge() == 0x37);
    pics.write(kMaster, kEoi);
    pics.write(kMaster, 0xC0 | 3);
    CHECK(pics.acknowledge() == 0x34);
    pics.write(kMaster, kEoi);
    CHECK(pics.acknowledge() == 0x30);
}

TEST_CASE("\"Special mask mode\": a masked level in service lets lower ones in, and is not ended non-specifically") {
    Ready pics;
    pics.pulse(3);
    pics.acknowledge();
    pics.pulse(5);
    pics.write(kMaster + 1, 0x08);
    CHECK(!pics.has_interrupt());
    pics.write(kMaster, 0x68);
    CHECK(pics.acknowledge() == 0x35);
    pics.write(kMaster, kEoi);
    CHECK(pics.isr() == 0x08);
    pics.write(kMaster, kEoi);
    CHECK(pics.isr() == 0x08);
    pics.write(kMaster, 0x48);
    pics.write(kMaster, kEoi);
    CHECK(pics.isr() == 0);
}

TEST_CASE("\"The special fully nested mode\": a higher line of the slave in service comes through") {
    for (bool special : {false, true}) {
        CAPTURE(special);
        Ready pics(special ? std::uint8_t{0x11} : std::uint8_t{0x01});
        pics.pulse(12);
        CHECK(pics.acknowledge() == 0x3C);
        pics.pulse(9);
        CHECK(pics.has_interrupt() == special);
        pics.set_irq(3, true);
        if (!special) continue;
        CHECK(pics.acknowledge() == 0x39);
        CHECK(pics.isr(kSlave) == 0x12);
        CHECK(!pics.has_interrupt());
        pics.write(kSlave, kEoi);
        pics.write(kSlave, kEoi);
        pics.write(kMaster, kEoi);
        CHECK(pics.acknowledge() == 0x33);
    }
    Ready pics(0x11);
    pics.pulse(1);
    pics.acknowledge();
    pics.pulse(9);
    CHECK(!pics.has_interrupt());
}
