// Delivery and return (Intel SDM volume 3, chapter 6, §20.1.4, §20.3).
#include <doctest/doctest.h>

#include "system_fixture.h"

namespace nyx::soft {

TEST_CASE("20.1.4: INT and IRET in real mode go through the table of far pointers") {
    Fixture f(16);
    f.set_at<std::uint32_t>(0x21 * 4, 0x05001234);
    f.cpu->set_rflags(kIf | kAc);
    f.run({0xCD, 0x21});
    CHECK(f.cpu->segments[kCs].selector == 0x500);
    CHECK(f.cpu->segments[kCs].base == 0x5000);
    CHECK(f.cpu->rip == 0x1234);
    CHECK(f.cpu->instructions == 1);
    CHECK((f.cpu->rflags() & (kIf | kAc)) == 0);
    CHECK(f.cpu->gpr[kRsp] == Fixture::kStack - 6);
    CHECK(f.at<std::uint16_t>(Fixture::kStack - 6) == Fixture::kCode + 2);
    CHECK(f.at<std::uint16_t>(Fixture::kStack - 2) == (kIf | 2));
    f.put(0x6234, {0xCF});
    f.cpu->run(1);
    CHECK(f.cpu->rip == Fixture::kCode + 2);
    CHECK(f.cpu->segments[kCs].base == 0xF0000);
    CHECK((f.cpu->rflags() & kIf) != 0);
}

TEST_CASE("6.12: a fault at the same level, with error code and RF, comes back by IRET") {
    SystemFixture f(32);
    f.gate(kGeneralProtection);
    f.cpu->set_rflags(kIf | kCf);
    f.cpu->segments[kDs] = {0, 0x10, 0x10, 0x4093};
    f.cpu->mode_changed();
    f.run({0xA1, 0x10, 0x00, 0x00, 0x00});  // mov eax, [0x10]: its end is past the limit
    CHECK(f.cpu->rip == SystemFixture::kHandler);
    CHECK(f.cpu->gpr[kRsp] == Fixture::kStack - 16);
    CHECK(f.stacked(0) == 0);
    CHECK(f.stacked(1) == Fixture::kCode);
    CHECK(f.stacked(2) == SystemFixture::kCode0);
    CHECK(f.stacked(3) == (kIf | kCf | kRf | 2));
    CHECK((f.cpu->rflags() & kIf) == 0);
    f.run({0x83, 0xC4, 0x04, 0xCF}, 2);  // add esp, 4; iret
    CHECK(f.cpu->rip == Fixture::kCode);
    CHECK((f.cpu->rflags() & (kIf | kCf)) == (kIf | kCf));
    CHECK(f.cpu->gpr[kRsp] == Fixture::kStack);
}

TEST_CASE("6.12.1: from level 3 to the stack of the TSS and back") {
    SystemFixture f(32);
    f.gate(0x80, SystemFixture::kHandler, SystemFixture::kTrap, 3);
    f.set_level(3);
    f.cpu->set_rflags(kIf);
    f.run({0xCD, 0x80});
    CHECK(f.cpu->cpl == 0);
    CHECK(f.cpu->gpr[kRsp] == SystemFixture::kInnerStack - 20);
    CHECK(f.stacked(0) == Fixture::kCode + 2);
    CHECK(f.stacked(1) == SystemFixture::kCode3);
    CHECK(f.stacked(3) == Fixture::kStack);
    CHECK(f.stacked(4) == SystemFixture::kData3);
    CHECK((f.cpu->rflags() & kIf) != 0);  // a trap gate
    CHECK(f.cpu->segments[kSs].selector == SystemFixture::kData0);
    f.cpu->segments[kFs] = f.cpu->segments[kSs];  // level 0 must not leak out
    f.run({0xCF});
    CHECK(f.cpu->cpl == 3);
    CHECK(f.cpu->rip == Fixture::kCode + 2);
    CHECK(f.cpu->gpr[kRsp] == Fixture::kStack);
    CHECK(f.cpu->segments[kFs].selector == 0);
    CHECK_FALSE(f.cpu->segments[kFs].is_present());
    CHECK(f.cpu->segments[kDs].selector == SystemFixture::kData3);
}

TEST_CASE("6.12.1.1: INT n needs the gate's privilege, and the fault is at the instruction") {
    SystemFixture f(32);
    f.gate(0x80);
    f.gate(kGeneralProtection);
    f.set_level(3);
    f.run({0xCD, 0x80});
    CHECK(f.stacked(0) == 0x80 * 8 + 2);  // IDT, not EXT
    CHECK(f.stacked(1) == Fixture::kCode);
}

TEST_CASE("6.13: what goes wrong while an exception is delivered has EXT set, then it is a double fault") {
    SystemFixture f(32);
    f.gate(kDoubleFault);
    f.cpu->idt.limit = 8 * 9 - 1;  // #GP has no gate, so the #GP about that makes two
    f.cpu->gpr[kRax] = kCr0Pg;
    f.run({0x0F, 0x22, 0xC0});  // mov cr0, eax with PG but not PE
    CHECK(f.cpu->rip == SystemFixture::kHandler);
    CHECK(f.stacked(0) == 0);
    CHECK(f.stacked(1) == Fixture::kCode);
    SystemFixture g(32);
    g.gate(kDoubleFault);
    g.gate(kSegmentNotPresent);
    g.set_at(SystemFixture::kIdt + 6 * 8, SystemFixture::gate_low(8, 0x6000, 14, 0) & ~(std::uint64_t{1} << 47));
    g.run({0x0F, 0x0B});  // #UD is benign: the #NP about its gate is delivered
    CHECK(g.cpu->rip == SystemFixture::kHandler);
    CHECK(g.stacked(0) == 6 * 8 + 3);
    SystemFixture h(32);
    h.gate(kDoubleFault);
    h.cpu->gpr[kRax] = 0;
    h.set_at(SystemFixture::kIdt + 13 * 8, std::uint64_t{0});
    h.run({0x8E, 0xD0});  // mov ss, ax: #GP, whose gate is none: #GP, so #DF
    CHECK(h.cpu->rip == SystemFixture::kHandler);
    CHECK(h.stacked(0) == 0);
    SystemFixture i(32);
    i.run({0x0F, 0x0B});
    CHECK(i.cpu->activity == Activity::kShutdown);
}

TEST_CASE("6.14: 64-bit delivery aligns the stack, uses IST, leaves SS null on a change of level") {
    SystemFixture f(64);
    f.gate(0x80, 0x6000, SystemFixture::kInterrupt, 3);
    f.cpu->gpr[kRsp] = Fixture::kStack - 3;
    f.run({0xCD, 0x80});
    CHECK(f.cpu->gpr[kRsp] == ((Fixture::kStack - 3) & ~0xFull) - 40);
    CHECK(f.stacked(3) == Fixture::kStack - 3);
    CHECK(f.stacked(4) == SystemFixture::kData0);
    f.run({0x48, 0xCF});
    CHECK(f.cpu->gpr[kRsp] == Fixture::kStack - 3);
    CHECK(f.cpu->rip == Fixture::kCode + 2);

    SystemFixture g(64);
    g.gate(kInvalidOpcode, 0x6000, SystemFixture::kInterrupt, 0, 3);
    g.set_at<std::uint64_t>(SystemFixture::kTss + 0x24 + 16, 0x7008);
    g.set_level(3);
    g.run({0x0F, 0x0B});
    CHECK(g.cpu->cpl == 0);
    CHECK(g.cpu->gpr[kRsp] == 0x7000 - 40);
    CHECK(g.cpu->segments[kSs].selector == 0);
    CHECK_FALSE(g.cpu->segments[kSs].is_present());
    CHECK(g.stacked(0) == Fixture::kCode);
    CHECK(g.stacked(1) == SystemFixture::kCode3);
    CHECK(g.stacked(4) == SystemFixture::kData3);
    g.run({0x48, 0xCF});
    CHECK(g.cpu->cpl == 3);
    CHECK(g.cpu->gpr[kRsp] == Fixture::kStack);
    CHECK(g.cpu->segments[kSs].selector == SystemFixture::kData3);
}

TEST_CASE("6.14.3: IRETQ to level 0 takes a null SS") {
    SystemFixture f(64);
    std::uint64_t rsp = Fixture::kStack - 40;
    std::uint64_t frame[5] = {0x6000, SystemFixture::kCode0, kIf | 2, 0x7777, 0};
    for (unsigned i = 0; i < 5; ++i) f.set_at(rsp + i * 8, frame[i]);
    f.cpu->gpr[kRsp] = rsp;
    f.run({0x48, 0xCF});
    CHECK(f.cpu->rip == 0x6000);
    CHECK(f.cpu->gpr[kRsp] == 0x7777);
    CHECK(f.cpu->segments[kSs].selector == 0);
    CHECK((f.cpu->rflags() & kIf) != 0);
}

TEST_CASE("20.2, 20.3: to virtual-8086 mode by IRET and out of it by an interrupt") {
    SystemFixture f(32);
    f.gate(kGeneralProtection);
    std::uint32_t frame[9] = {0x100, 0x300, kVm | kIf | 2, 0x2000, 0x700, 0x11, 0x22, 0x33, 0x44};
    for (unsigned i = 0; i < 9; ++i) f.set_at(Fixture::kStack - 36 + i * 4, frame[i]);
    f.cpu->gpr[kRsp] = Fixture::kStack - 36;
    f.run({0xCF});
    CHECK(f.cpu->is_v86());
    CHECK(f.cpu->cpl == 3);
    CHECK(f.cpu->rip == 0x100);
    CHECK(f.cpu->segments[kCs].base == 0x3000);
    CHECK(f.cpu->segments[kSs].base == 0x7000);
    CHECK(f.cpu->gpr[kRsp] == 0x2000);
    CHECK(f.cpu->segments[kEs].selector == 0x11);
    CHECK(f.cpu->segments[kGs].selector == 0x44);
    f.put(0x3100, {0xFA});  // cli: IOPL is 0
    f.cpu->run(1);
    CHECK_FALSE(f.cpu->is_v86());
    CHECK(f.cpu->cpl == 0);
    CHECK(f.cpu->gpr[kRsp] == SystemFixture::kInnerStack - 40);
    CHECK(f.stacked(1) == 0x100);
    CHECK(f.stacked(2) == 0x300);
    CHECK((f.stacked(3) & kVm) != 0);
    CHECK(f.stacked(4) == 0x2000);
    CHECK(f.stacked(5) == 0x700);
    CHECK(f.stacked(6) == 0x11);
    CHECK(f.stacked(9) == 0x44);
    CHECK(f.cpu->segments[kGs].selector == 0);
}

TEST_CASE("6.8.1, 6.8.3: an interrupt waits for IF, and for one instruction after STI and MOV SS") {
    SystemFixture f(32);
    f.gate(0x40);
    f.around.interrupts = {0x40};
    f.cpu->attention(kWantInterrupt);
    f.run({0x90, 0xFB, 0x40, 0x40}, 3);  // nop; sti; inc eax; inc eax
    CHECK(f.cpu->gpr[kRax] == 1);
    CHECK(f.cpu->rip == Fixture::kCode + 3);
    f.cpu->run(1);
    CHECK(f.stacked(0) == Fixture::kCode + 3);
    CHECK((f.cpu->rflags() & kIf) == 0);
    CHECK(f.around.interrupts.empty());
}

TEST_CASE("6.7.1: an NMI comes once until IRET, and wakes HLT") {
    SystemFixture f(32);
    f.gate(kNmi);
    f.run({0xF4, 0x40});
    CHECK(f.cpu->activity == Activity::kHalted);
    f.cpu->run(10);
    CHECK(f.cpu->instructions == 1);
    f.cpu->attention(kWantNmi);
    f.cpu->run(1);
    CHECK(f.stacked(0) == Fixture::kCode + 1);
    CHECK(f.cpu->nmi_blocked);
    f.cpu->attention(kWantNmi);
    f.cpu->run(1);
    CHECK(f.cpu->rip == SystemFixture::kHandler + 2);
    f.run({0xCF}, 1);
    CHECK_FALSE(f.cpu->nmi_blocked);
    f.cpu->run(1);
    CHECK(f.cpu->nmi_blocked);
}

TEST_CASE("4.10.5: after INIT a processor waits for its start-up message") {
    Fixture f(64);
    f.cpu->attention(kWantInit);
    f.cpu->run(1);
    CHECK(f.cpu->rip != 0x1000);
    CHECK_FALSE(f.cpu->is_long());
    Cpu second(f.memory, f.around, {}, 1);
    second.attention(kWantInit);
    second.run(1);
    CHECK(second.activity == Activity::kWaitForSipi);
    second.sipi_vector = 0x12;
    f.put(0x12000, {0x40});
    second.attention(kWantSipi);
    second.run(1);
    CHECK(second.gpr[kRax] == 1);
    CHECK(second.rip == 1);
    CHECK(second.segments[kCs].selector == 0x1200);
}

TEST_CASE("a loop of faults comes to an end") {
    Fixture f(16);  // the table of interrupts is all zero, and so is what it points to, add [bx+si], al
    f.cpu->rip = 0x8000;
    f.set_at<std::uint16_t>(0, 0x0B0F);
    f.run({0x0F, 0x0B}, 1000);
    CHECK(f.cpu->instructions == 1000);
}

}  // namespace nyx::soft
