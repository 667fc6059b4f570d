// Lines, cascade, polls and saved state.
#include <doctest/doctest.h>

#include "tests/unit/devices/irqchip/i8259_fixture.h"

using namespace nyx;
using namespace nyx::dev;
using namespace nyx::dev::irqchip;

TEST_CASE("\"Poll command\": the next read acknowledges") {
    Ready pics;
    pics.write(kMaster, kPollCommand);
    CHECK(pics.read(kMaster) == 0);
    pics.pulse(6);
    pics.write(kMaster, kPollCommand);
    CHECK(pics.read(kMaster) == 0x86);
    CHECK(pics.isr() == 0x40);
    CHECK(!pics.has_interrupt());
    pics.pulse(10);
    pics.write(kMaster, kPollCommand);
    CHECK(pics.read(kMaster) == 0x82);
    pics.write(kSlave, kPollCommand);
    CHECK(pics.read(kSlave + 1) == 0x82);
    CHECK(pics.isr(kSlave) == 0x04);
    CHECK(pics.read(kSlave) == 0x04);
}

TEST_CASE("\"Edge and level triggered modes\": an edge counts once, a level as long as it stands") {
    Ready pics;
    pics.set_irq(3, true);
    CHECK(pics.acknowledge() == 0x33);
    pics.write(kMaster, kEoi);
    CHECK(!pics.has_interrupt());
    pics.write(I8259Pair::kElcrPort, 0xFF);
    pics.write(I8259Pair::kElcrPort + 1, 0xFF);
    CHECK(pics.read(I8259Pair::kElcrPort) == kElcrMasterMask);
    CHECK(pics.read(I8259Pair::kElcrPort + 1) == kElcrSlaveMask);
    CHECK(pics.acknowledge() == 0x33);
    pics.write(kMaster, kEoi);
    CHECK(pics.has_interrupt());
    pics.set_irq(3, false);
    CHECK(!pics.has_interrupt());
    pics.set_irq(11, true);
    CHECK(pics.acknowledge() == 0x3B);
    pics.write(kSlave, kEoi);
    pics.write(kMaster, kEoi);
    CHECK(pics.acknowledge() == 0x3B);
}

TEST_CASE("\"Interrupt sequence\": a request that went away is answered with IR7, and nothing is in service") {
    Ready pics;
    pics.set_irq(3, true);
    pics.set_irq(3, false);
    CHECK(!pics.has_interrupt());
    CHECK(pics.acknowledge() == 0x37);
    CHECK(pics.isr() == 0);

    I8259 slave(0);
    slave.write(kPicCommand, 0x11);
    for (unsigned word : {0x38U, 0x02U, 0x01U}) slave.write(kPicData, static_cast<std::uint8_t>(word));
    slave.set_irq(4, true);
    CHECK(slave.has_interrupt());
    slave.set_irq(4, false);
    CHECK(slave.acknowledge() == 0x3F);
    CHECK(slave.isr() == 0);
}

TEST_CASE("IRQ 15 by itself is not spurious: bit 7 of the slave is in service") {
    Ready pics;
    pics.pulse(15);
    CHECK(pics.acknowledge() == 0x3F);
    CHECK(pics.isr(kSlave) == 0x80);
}

TEST_CASE("Cascade: after a slave's acknowledge the next of its requests makes a new edge") {
    Ready pics(3);
    pics.pulse(8);
    pics.pulse(14);
    CHECK(pics.acknowledge() == 0x38);
    CHECK(pics.acknowledge() == 0x3E);
    CHECK(!pics.has_interrupt());
    pics.set_irq(kCascadeLine, true);
    CHECK(!pics.has_interrupt());
}

TEST_CASE("8259A pair: saved state comes back whole, and an impossible one is refused") {
    Ready pics;
    pics.pulse(4);
    pics.pulse(9);
    pics.acknowledge();
    StateWriter writer;
    pics.save(writer);
    std::vector<StateField> fields = writer.take();
    Pics other;
    StateReader reader(fields);
    REQUIRE(other.restore(reader));
    CHECK(other.isr(kSlave) == 0x02);
    other.write(kSlave, kEoi);
    other.write(kMaster, kEoi);
    CHECK(other.acknowledge() == 0x34);
    fields[8].value[0] = kPicLines;
    StateReader bad(fields);
    CHECK(!other.restore(bad));
    CHECK(other.isr() == 0x10);
}
