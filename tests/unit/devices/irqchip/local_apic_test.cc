// Priorities, acceptance and the way to the processor. § are those of the SDM, volume 3, chapter 12.
#include "devices/irqchip/local_apic.h"

#include <doctest/doctest.h>

#include "tests/unit/devices/irqchip/apic_fixture.h"

using namespace nyx;
using namespace nyx::dev;
using namespace nyx::dev::irqchip;

TEST_CASE("12.4.7.1: after power-on all entries are masked and only the boot processor runs") {
    Apics apics(2);
    for (std::uint32_t cpu : {0U, 1U}) {
        for (std::uint32_t reg = kApicLvtTimer; reg <= kApicLvtError; ++reg) CHECK(apics.get(reg, cpu) == kLvtMasked);
        CHECK(apics.get(kApicSvr, cpu) == 0xFF);
        CHECK(apics.get(kApicDfr, cpu) == 0xFFFF'FFFF);
        CHECK(apics.get(kApicId, cpu) == cpu << 24);
        CHECK(apics.get(kApicVersion, cpu) == 0x0005'0014);
        for (std::uint32_t reg : {kApicTpr, kApicPpr, kApicLdr, kApicIsr, kApicTmr, kApicIrr, kApicEsr, kApicIcr,
                                  kApicIcrHigh, kApicInitialCount, kApicCurrentCount, kApicDivide})
            CHECK(apics.get(reg, cpu) == 0);
    }
    CHECK(*apics.apic(0).read_msr(kMsrApicBase) == 0xFEE0'0900);
    CHECK(*apics.apic(1).read_msr(kMsrApicBase) == 0xFEE0'0800);
    CHECK(!apics.apic(0).waits_for_start_up());
    CHECK(apics.apic(1).waits_for_start_up());
}

TEST_CASE("12.8.4: a request goes to IRR, by acknowledge to ISR, and leaves with the EOI") {
    Apics apics;
    apics.enable();
    CHECK(apics.fixed(0x41));
    CHECK(apics.kicks == std::vector<std::uint32_t>{0});
    CHECK(apics.pending() == kSignalInterrupt);
    CHECK(apics.get(kApicIrr + 2) == 2);
    CHECK(apics.apic().acknowledge() == 0x41);
    CHECK(apics.get(kApicIrr + 2) == 0);
    CHECK(apics.get(kApicIsr + 2) == 2);
    CHECK(apics.pending() == 0);
    apics.eoi();
    CHECK(apics.get(kApicIsr + 2) == 0);
    CHECK(apics.eois.empty());
    apics.eoi();
    CHECK(apics.eois.empty());
}

TEST_CASE("12.8.3: nested priorities: only a higher class interrupts what is in service") {
    Apics apics;
    apics.enable();
    apics.fixed(0x52);
    CHECK(apics.apic().acknowledge() == 0x52);
    CHECK(apics.get(kApicPpr) == 0x50);
    apics.fixed(0x5F);
    apics.fixed(0x31);
    CHECK(apics.pending() == 0);
    apics.fixed(0x60);
    CHECK(apics.apic().acknowledge() == 0x60);
    CHECK(apics.get(kApicPpr) == 0x60);
    apics.eoi();
    CHECK(apics.pending() == 0);
    apics.eoi();
    CHECK(apics.apic().acknowledge() == 0x5F);
    apics.eoi();
    CHECK(apics.apic().acknowledge() == 0x31);
}

TEST_CASE("12.8.3.1: task priority holds back its class and below, CR8 is its high half, PPR follows") {
    Apics apics;
    apics.enable();
    apics.set(kApicTpr, 0x45);
    CHECK(apics.apic().cr8() == 4);
    CHECK(apics.get(kApicPpr) == 0x45);
    apics.fixed(0x4F);
    CHECK(apics.pending() == 0);
    apics.fixed(0x51);
    CHECK(apics.pending() == kSignalInterrupt);
    apics.apic().set_cr8(5);
    CHECK(apics.get(kApicTpr) == 0x50);
    CHECK(apics.pending() == 0);
    apics.kicks.clear();
    apics.apic().set_cr8(3);
    CHECK(apics.kicks.size() == 1);
    CHECK(apics.apic().acknowledge() == 0x51);
    CHECK(apics.get(kApicPpr) == 0x50);
    apics.apic().set_cr8(5);
    CHECK(apics.get(kApicPpr) == 0x50);
    apics.apic().set_cr8(15);
    CHECK(apics.get(kApicPpr) == 0xF0);
}

TEST_CASE("12.9: an acknowledge after the request was masked gives the spurious vector, without service") {
    Apics apics;
    apics.enable();
    apics.set(kApicSvr, kSvrEnabled | 0x3F);
    apics.fixed(0x41);
    apics.apic().set_cr8(15);
    CHECK(apics.apic().acknowledge() == 0x3F);
    CHECK(apics.apic().in_service() == VectorSet{});
    apics.apic().set_cr8(0);
    CHECK(apics.apic().acknowledge() == 0x41);
}

TEST_CASE("12.8.5: the end of a level-triggered interrupt is broadcast, unless software suppresses that") {
    auto config = Apics::plain(1);
    config[0].directed_eoi = true;
    Apics apics(config);
    apics.enable();
    CHECK((apics.get(kApicVersion) & kVersionDirectedEoi));
    apics.fixed(0x41, true);
    CHECK(apics.get(kApicTmr + 2) == 2);
    apics.apic().acknowledge();
    apics.eoi();
    CHECK(apics.eois == std::vector<std::uint8_t>{0x41});
    apics.fixed(0x41, false);
    CHECK(apics.get(kApicTmr + 2) == 0);
    apics.apic().acknowledge();
    apics.eoi();
    apics.set(kApicSvr, kSvrEnabled | kSvrSuppressEoi | 0xFF);
    apics.fixed(0x41, true);
    apics.apic().acknowledge();
    apics.eoi();
    CHECK(apics.eois.size() == 1);
}

TEST_CASE("12.4.7.2: software-disabled: masks stand, vectors are refused, what is pending stays, NMI comes") {
    Apics apics;
    apics.enable();
    apics.set(kApicLvtLint1, 0x400);
    apics.fixed(0x41);
    apics.set(kApicSvr, 0xFF);
    for (std::uint32_t reg = kApicLvtTimer; reg <= kApicLvtError; ++reg) CHECK((apics.get(reg) & kLvtMasked));
    apics.set(kApicLvtLint1, 0x400);
    CHECK(apics.get(kApicLvtLint1) == (kLvtMasked | 0x400));
    CHECK(!apics.fixed(0x51));
    CHECK(apics.apic().accept({.mode = DeliveryMode::kNmi}));
    CHECK(apics.pending() == (kSignalInterrupt | kSignalNmi));
    CHECK(apics.apic().acknowledge() == 0x41);
}

TEST_CASE("12.5.3: errors gather until ESR is written, the first one interrupts, the write arms it again") {
    Apics apics;
    apics.enable();
    apics.set(kApicLvtError, 0xE1);
    CHECK(!apics.fixed(0x0F));
    CHECK(apics.apic().acknowledge() == 0xE1);
    apics.eoi();
    CHECK(apics.get(kApicEsr) == 0);
    apics.get(0x04);
    CHECK(apics.pending() == 0);
    apics.set(kApicEsr, 0xFF);
    CHECK(apics.get(kApicEsr) == (kErrorReceiveIllegalVector | kErrorIllegalRegister));
    apics.set(0x2A, 1);
    CHECK(apics.pending() == kSignalInterrupt);
    apics.set(kApicEsr, 0);
    CHECK(apics.get(kApicEsr) == kErrorIllegalRegister);
    apics.set(kApicEsr, 0);
    CHECK(apics.get(kApicEsr) == 0);
    apics.set(kApicLvtError, 0x05);
    apics.set(kApicIcr, 0x0000'4005);
    apics.set(kApicEsr, 0);
    CHECK(apics.get(kApicEsr) == (kErrorSendIllegalVector | kErrorReceiveIllegalVector));
}

TEST_CASE("NMI and SMI are latched once each and taken once") {
    Apics apics;
    for (auto mode : {DeliveryMode::kNmi, DeliveryMode::kSmi, DeliveryMode::kNmi}) apics.apic().accept({.mode = mode});
    CHECK(apics.pending() == (kSignalNmi | kSignalSmi));
    CHECK(apics.kicks.size() == 2);
    CHECK(apics.apic().take_nmi());
    CHECK(!apics.apic().take_nmi());
    CHECK(apics.apic().take_smi());
    CHECK(apics.pending() == 0);
}

TEST_CASE("12.5.1: LINT0 as ExtINT follows the pin, asks the 8259s for the vector and knows no priority") {
    Apics apics;
    apics.enable();
    apics.bus->set_lint0(true);
    CHECK(apics.pending() == 0);
    apics.set(kApicLvtLint0, 0x700);
    apics.apic().set_cr8(15);
    CHECK(apics.pending() == kSignalInterrupt);
    apics.ext_vectors = {0x31, 0x32};
    CHECK(apics.apic().acknowledge() == 0x31);
    CHECK(apics.apic().in_service() == VectorSet{});
    CHECK(apics.apic().acknowledge() == 0x32);
    apics.bus->set_lint0(false);
    CHECK(apics.pending() == 0);
    apics.apic().accept({.mode = DeliveryMode::kExtInt});
    CHECK(apics.pending() == kSignalInterrupt);
    CHECK(apics.apic().acknowledge() == 7);
    CHECK(apics.pending() == 0);
}

TEST_CASE("The virtual wire: a boot processor fresh from reset takes the 8259s' interrupts, others do not") {
    auto configs = Apics::plain(2);
    configs[0].virtual_wire = true;
    configs[1].virtual_wire = true;
    Apics apics(configs);
    CHECK(apics.get(kApicLvtLint0, 0) == 0x700);
    CHECK(apics.get(kApicLvtLint0, 1) == kLvtMasked);
    apics.bus->set_lint0(true);
    CHECK(apics.kicks == std::vector<std::uint32_t>{0});
    apics.set(kApicSvr, 0xFF);
    CHECK(apics.pending() == 0);
}

TEST_CASE("12.5.1: LINT0 level-triggered asks again after each EOI, edge-triggered once an edge") {
    Apics apics;
    apics.enable();
    apics.set(kApicLvtLint0, kLvtLevel | 0x71);
    apics.bus->set_lint0(true);
    CHECK((apics.get(kApicLvtLint0) & kLvtRemoteIrr));
    CHECK(apics.apic().acknowledge() == 0x71);
    CHECK(apics.pending() == 0);
    apics.eoi();
    CHECK(apics.apic().acknowledge() == 0x71);
    apics.bus->set_lint0(false);
    apics.eoi();
    CHECK(!(apics.get(kApicLvtLint0) & kLvtRemoteIrr));
    CHECK(apics.pending() == 0);
    apics.set(kApicLvtLint0, 0x72);
    apics.bus->set_lint0(true);
    apics.bus->set_lint0(true);
    CHECK(apics.apic().acknowledge() == 0x72);
    apics.eoi();
    CHECK(apics.pending() == 0);
}

TEST_CASE("12.5.1: LINT1 as NMI acts on the edge, 12.4.3: without the APIC the pins are INTR and NMI") {
    Apics apics;
    apics.enable();
    apics.bus->set_lint1(true);
    CHECK(apics.pending() == 0);
    apics.bus->set_lint1(false);
    apics.set(kApicLvtLint1, 0x400);
    apics.bus->set_lint1(true);
    CHECK(apics.apic().take_nmi());
    CHECK(apics.pending() == 0);
    apics.bus->set_lint1(false);
    REQUIRE(apics.apic().write_msr(kMsrApicBase, kApicBase | kBaseBootProcessor));
    apics.bus->set_lint1(true);
    apics.bus->set_lint0(true);
    CHECK(apics.pending() == (kSignalNmi | kSignalInterrupt));
    apics.ext_vectors = {0x20};
    CHECK(apics.apic().acknowledge() == 0x20);
    CHECK(!apics.bus->deliver({.destination = 0, .vector = 0x55}));
}

TEST_CASE("12.5.1: the end of another level-triggered interrupt is not that of LINT0's") {
    Apics apics;
    apics.enable();
    apics.set(kApicLvtLint0, kLvtLevel | 0x71);
    apics.bus->set_lint0(true);
    CHECK(apics.apic().acknowledge() == 0x71);
    apics.fixed(0x81, true);
    CHECK(apics.apic().acknowledge() == 0x81);
    apics.eoi();
    CHECK((apics.get(kApicLvtLint0) & kLvtRemoteIrr));
    CHECK(apics.apic().requested() == VectorSet{});
}

TEST_CASE("Power-on leaves the pins as they are wired: INTR that is up comes through as soon as it may") {
    Apics apics;
    apics.bus->set_lint0(true);
    apics.bus->reset();
    CHECK(apics.pending() == 0);
    apics.set(kApicSvr, kSvrEnabled | 0xFF);
    apics.set(kApicLvtLint0, 0x700);
    CHECK(apics.pending() == kSignalInterrupt);
}
