// Interprocessor interrupts, destinations and start-up. § are those of the SDM, volume 3.
#include <doctest/doctest.h>

#include "tests/unit/devices/irqchip/apic_fixture.h"

using namespace nyx;
using namespace nyx::dev;
using namespace nyx::dev::irqchip;

namespace {
constexpr std::uint32_t kInitAssert = 0xC500;
constexpr std::uint32_t kInitDeassert = 0x8500;
constexpr std::uint32_t kStartUp = 0x4600;
constexpr std::uint32_t kToSelf = 0x0004'4000;
constexpr std::uint32_t kToAll = 0x0008'4000;
constexpr std::uint32_t kToOthers = 0x000C'4000;

void send(Apics& apics, std::uint32_t destination, std::uint32_t low, std::uint32_t sender = 0) {
    apics.set(kApicIcrHigh, destination << 24, sender);
    apics.set(kApicIcr, low, sender);
}
// Bit n: processor n has this vector requested. Takes them all back.
std::uint32_t receivers(Apics& apics, std::uint8_t vector) {
    std::uint32_t set = 0;
    for (std::uint32_t cpu = 0; cpu < apics.bus->count(); ++cpu) {
        if (!apics.apic(cpu).requested().test(vector)) continue;
        set |= 1U << cpu;
        CHECK(apics.apic(cpu).acknowledge() == vector);
        apics.apic(cpu).write_page(kApicEoi * 16, 4, 0);
        if (apics.apic(cpu).in_service() != VectorSet{}) apics.apic(cpu).write_msr(kFirstX2ApicMsr + kApicEoi, 0);
    }
    return set;
}
}  // namespace

TEST_CASE("9.4.4: Linux's INIT, INIT de-assert, SIPI, SIPI sequence starts a processor once") {
    Apics apics(2);
    apics.set(kApicSvr, kSvrEnabled | 0xFF);
    send(apics, 1, kStartUp | 0x99);
    CHECK(apics.apic(1).take_start_up() == 0x99);
    send(apics, 1, kInitAssert);
    CHECK(apics.pending(1) == kSignalInit);
    send(apics, 1, kInitDeassert);
    send(apics, 1, kStartUp | 0x9A);
    CHECK(apics.pending(1) == kSignalInit);
    CHECK(!apics.apic(1).take_start_up());
    CHECK(apics.apic(1).take_init());
    CHECK(apics.pending(1) == kSignalStartUp);
    CHECK(apics.apic(1).take_start_up() == 0x9A);
    send(apics, 1, kStartUp | 0x9B);
    CHECK(apics.pending(1) == 0);
    CHECK(!apics.apic(1).take_start_up());
    CHECK(apics.kicks == std::vector<std::uint32_t>{1, 1, 1});
    CHECK((apics.get(kApicIcr) & 0x1000) == 0);
}

TEST_CASE("12.4.7.3: INIT resets the registers, keeps id and base, drops NMI, NMI waits while start-up is awaited") {
    Apics apics(2);
    apics.enable();
    apics.x2apic(1);
    apics.apic(1).write_msr(kFirstX2ApicMsr + kApicTpr, 0x20);
    apics.apic(1).accept({.mode = DeliveryMode::kNmi});
    apics.apic(1).accept({.mode = DeliveryMode::kInit});
    CHECK(apics.apic(1).take_init());
    CHECK(!apics.apic(1).take_init());
    CHECK(apics.pending(1) == 0);
    CHECK(apics.apic(1).read_msr(kFirstX2ApicMsr + kApicTpr) == 0);
    CHECK(apics.apic(1).read_msr(kFirstX2ApicMsr + kApicId) == 1);
    CHECK(apics.apic(1).read_msr(kFirstX2ApicMsr + kApicSvr) == 0xFF);
    apics.apic(1).accept({.mode = DeliveryMode::kNmi});
    CHECK(apics.pending(1) == 0);
    CHECK(!apics.apic(1).take_nmi());
    apics.apic(1).accept({.mode = DeliveryMode::kStartUp, .vector = 8});
    CHECK(apics.apic(1).take_start_up() == 8);
    CHECK(apics.apic(1).take_nmi());
}

TEST_CASE("9.4: the boot processor runs on after INIT and ignores start-up") {
    Apics apics;
    apics.apic().accept({.mode = DeliveryMode::kInit});
    apics.apic().accept({.mode = DeliveryMode::kStartUp, .vector = 8});
    CHECK(apics.apic().take_init());
    CHECK(!apics.apic().waits_for_start_up());
    CHECK(apics.pending() == 0);
}

TEST_CASE("12.6.1: shorthands") {
    Apics apics(3);
    apics.enable();
    send(apics, 2, kToSelf | 0x41);
    CHECK(receivers(apics, 0x41) == 0b001);
    send(apics, 2, kToAll | 0x42);
    CHECK(receivers(apics, 0x42) == 0b111);
    send(apics, 2, kToOthers | 0x43, 1);
    CHECK(receivers(apics, 0x43) == 0b101);
    send(apics, 0, kToOthers | 0x400);
    CHECK(apics.pending(0) == 0);
    CHECK(apics.pending(1) == kSignalNmi);
    CHECK(apics.pending(2) == kSignalNmi);
}

TEST_CASE("12.6.1: reserved delivery modes send nothing, smi does, IPIs are never level-triggered") {
    Apics apics(2);
    apics.enable();
    send(apics, 1, 0x4300);
    send(apics, 1, 0x4700);
    CHECK(apics.pending(1) == 0);
    send(apics, 1, 0x4200);
    CHECK(apics.apic(1).take_smi());
    send(apics, 1, 0xC041);
    CHECK(apics.get(kApicTmr + 2, 1) == 0);
    CHECK(receivers(apics, 0x41) == 0b10);
}

TEST_CASE("12.6.2.1: physical destinations") {
    Apics apics(3);
    apics.enable();
    send(apics, 2, 0x4041);
    CHECK(receivers(apics, 0x41) == 0b100);
    send(apics, 0xFF, 0x4042);
    CHECK(receivers(apics, 0x42) == 0b111);
    CHECK(!apics.bus->deliver({.destination = 9, .vector = 0x41}));
}

TEST_CASE("12.6.2.2: logical destinations: flat, cluster, a model that there is not") {
    Apics apics(4);
    apics.enable();
    for (std::uint32_t cpu = 0; cpu < 4; ++cpu) apics.set(kApicLdr, 0x0100'0000U << cpu, cpu);
    send(apics, 0b0110, 0x4841);
    CHECK(receivers(apics, 0x41) == 0b0110);
    send(apics, 0xFF, 0x4841);
    CHECK(receivers(apics, 0x41) == 0b1111);
    for (std::uint32_t cpu = 0; cpu < 4; ++cpu) {
        apics.set(kApicDfr, 0, cpu);
        apics.set(kApicLdr, (cpu / 2 + 1) << 28 | 1U << (24 + cpu % 2), cpu);
    }
    CHECK(apics.get(kApicDfr) == 0x0FFF'FFFF);
    send(apics, 0x23, 0x4841);
    CHECK(receivers(apics, 0x41) == 0b1100);
    send(apics, 0x11, 0x4841);
    CHECK(receivers(apics, 0x41) == 0b0001);
    apics.set(kApicDfr, 0x4000'0000);
    send(apics, 0x11, 0x4841);
    CHECK(receivers(apics, 0x41) == 0);
}

TEST_CASE("12.12.10: x2APIC: 32-bit ids, and a logical id that follows from the id") {
    auto configs = Apics::plain(3);
    configs[1].id = 0x25;
    configs[2].id = 0x1234;
    Apics apics(configs);
    apics.enable();
    for (std::uint32_t cpu : {0U, 1U, 2U}) apics.x2apic(cpu);
    CHECK(apics.apic(1).read_msr(kFirstX2ApicMsr + kApicLdr) == 0x0002'0020);
    CHECK(apics.apic(2).read_msr(kFirstX2ApicMsr + kApicLdr) == 0x0123'0010);
    auto icr = [&](std::uint64_t value) { CHECK(apics.apic(0).write_msr(kFirstX2ApicMsr + kApicIcr, value)); };
    icr(0x0000'1234'0000'4041);
    CHECK(receivers(apics, 0x41) == 0b100);
    icr(0x0123'00FF'0000'4841);
    CHECK(receivers(apics, 0x41) == 0b100);
    icr(0x0002'0020'0000'4841);
    CHECK(receivers(apics, 0x41) == 0b010);
    icr(0x0000'00FF'0000'4041);
    CHECK(receivers(apics, 0x41) == 0);
    icr(0xFFFF'FFFF'0000'4041);
    CHECK(receivers(apics, 0x41) == 0b111);
    CHECK(apics.bus->deliver({.destination = 0xFF, .vector = 0x42}));
    CHECK(receivers(apics, 0x42) == 0b111);
}

TEST_CASE("12.6.2.4: lowest priority goes to one: the least busy, equals take turns, disabled ones are out") {
    Apics apics(3);
    apics.enable();
    ApicMessage message{.destination = 0xFF, .mode = DeliveryMode::kLowestPriority, .vector = 0x51};
    apics.apic(0).set_cr8(2);
    apics.apic(1).set_cr8(4);
    apics.bus->deliver(message);
    CHECK(receivers(apics, 0x51) == 0b100);
    apics.apic(2).set_cr8(3);
    apics.bus->deliver(message);
    CHECK(receivers(apics, 0x51) == 0b001);
    for (std::uint32_t cpu : {0U, 1U, 2U}) apics.apic(cpu).set_cr8(0);
    std::uint32_t all = 0;
    for (int i = 0; i < 3; ++i) {
        apics.bus->deliver(message);
        std::uint32_t one = receivers(apics, 0x51);
        CHECK((one == 1 || one == 2 || one == 4));
        all |= one;
    }
    CHECK(all == 0b111);
    apics.set(kApicSvr, 0xFF, 1);
    apics.set(kApicSvr, 0xFF, 2);
    apics.apic(0).set_cr8(4);
    CHECK(apics.bus->deliver(message));
    CHECK(receivers(apics, 0x51) == 0b001);
    apics.set(kApicSvr, 0xFF, 0);
    CHECK(!apics.bus->deliver(message));
}

TEST_CASE("12.11: a message-signalled interrupt") {
    CHECK(msi_message(0xFEE0'3000, 0x4041) == ApicMessage{.destination = 3, .vector = 0x41});
    CHECK(msi_message(0xFEE0'3004, 0x0151) ==
          ApicMessage{.destination = 3, .logical = true, .mode = DeliveryMode::kLowestPriority, .vector = 0x51});
    CHECK(msi_message(0xFEE0'3000, 0xC061).level);
    CHECK(!msi_message(0xFEE0'3000, 0xC400).level);
}

TEST_CASE("12.11: a message names processors by logical id with and without the redirection hint") {
    Apics apics(3);
    apics.enable();
    for (std::uint32_t cpu : {0U, 1U, 2U}) apics.set(kApicLdr, 1U << (24 + cpu), cpu);
    auto to = [&](std::uint64_t address) {
        apics.bus->deliver(msi_message(address, 0x51));
        return receivers(apics, 0x51);
    };
    CHECK(to(0xFEE0'1000) == 0b010);  // an id
    CHECK(to(0xFEE0'1004) == 0b001);  // a set
    CHECK(to(0xFEE0'6004) == 0b110);
    CHECK(to(0xFEE0'1008) == 0b010);  // the hint leaves an id as it is
    apics.apic(1).set_cr8(2);
    CHECK(to(0xFEE0'600C) == 0b100);  // and chooses from a set
    apics.apic(2).set_cr8(3);
    CHECK(to(0xFEE0'600C) == 0b010);
}
