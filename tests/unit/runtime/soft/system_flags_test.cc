// PUSHF, POPF, CLI, STI, HLT and what privilege makes of them (SDM volume 2; volume 3, §6.8.1).
#include "trial.h"

namespace nyx::soft {

TEST_CASE("POPF changes what the privilege allows") {
    struct Case {
        unsigned cpl, iopl;
        std::uint64_t changed;
    };
    constexpr std::uint64_t kAnyone = kArithmeticFlags | kDf | kNt | kAc | kId;
    for (const Case& c : {Case{0, 0, kAnyone | kIf | kIopl}, Case{3, 3, kAnyone | kIf}, Case{3, 0, kAnyone}}) {
        CAPTURE(c.cpl);
        CAPTURE(c.iopl);
        Trial t;
        t.set_iopl(c.iopl);
        t.cpu->set_cpl(c.cpl);
        const std::uint64_t before = t.cpu->rflags();
        // Everything the other way round, but for TF; reserved bits, VM, VIF and VIP do not follow.
        t.set_at<std::uint64_t>(Fixture::kStack, ~before & ~kTf);
        CHECK(t.does({0x9D}));
        CHECK((t.cpu->rflags() ^ before) == c.changed);
        CHECK(t.cpu->gpr[kRsp] == Fixture::kStack + 8);
    }
}

TEST_CASE("POPF of 16 bits leaves AC and ID alone, PUSHF shows no RF and VM") {
    Trial t(32);
    t.cpu->set_rflags(kAc | kId | kCf);
    t.set_at<std::uint16_t>(Fixture::kStack, 0);
    CHECK(t.does({0x66, 0x9D}));
    CHECK(t.cpu->rflags() == (kAc | kId | 2));
    CHECK(t.cpu->gpr[kRsp] == Fixture::kStack + 2);
    t.cpu->other_flags |= kRf;
    CHECK(t.does({0x9C}));
    CHECK(t.at<std::uint32_t>(Fixture::kStack - 2) == (kAc | kId | 2));
}

TEST_CASE("virtual-8086 code needs an IOPL of 3 for its flags") {
    for (unsigned iopl : {2u, 3u}) {
        Trial t(16);
        t.cpu->control.cr0 |= kCr0Pe;
        t.enter_v86(iopl);
        const bool may = iopl == 3;
        for (std::uint8_t opcode :
             std::initializer_list<std::uint8_t>{0x9C, 0x9D, 0xFA, 0xFB}) {  // pushf, popf, cli, sti
            CAPTURE(opcode);
            t.set_at<std::uint16_t>(t.cpu->gpr[kRsp] & 0xFFFF, 0x0002);
            CHECK(may == t.does({opcode}));
            if (!may) CHECK(t.raised->vector == kGeneralProtection);
        }
        if (!may) continue;
        // POPF leaves the IOPL and VM, and may change IF.
        t.set_at<std::uint16_t>(t.cpu->gpr[kRsp] & 0xFFFF, 0x0202);
        CHECK(t.does({0x9D}));
        CHECK(t.cpu->rflags() == (kVm | kIopl | kIf | 2));
    }
}

TEST_CASE("CLI and STI need a CPL within the IOPL") {
    Trial t;
    t.set_iopl(1);
    t.cpu->set_cpl(2);
    CHECK(t.faults({0xFB}, kGeneralProtection));
    CHECK(t.faults({0xFA}, kGeneralProtection));
    t.cpu->set_cpl(1);
    CHECK(t.does({0xFB}));
    CHECK((t.cpu->rflags() & kIf) != 0);
    CHECK(t.does({0xFA}));
    CHECK((t.cpu->rflags() & kIf) == 0);
}

namespace {

// Interrupts that wait, and a 16-bit handler for vector 0x20 that halts.
void give_interrupt(Trial& t) {
    t.set_at<std::uint32_t>(0x20 * 4, 0x5000);
    t.put(0x5000, {0xF4});
    t.around.interrupts = {0x20};
    t.cpu->attention(kWantInterrupt);
    t.around.on_acknowledge = [&t] { t.cpu->no_attention(kWantInterrupt); };
}

}  // namespace

TEST_CASE("an interrupt comes behind the instruction after STI") {
    Trial t(16);
    give_interrupt(t);
    t.run({0x90, 0xFB, 0x90, 0x90}, 3);  // nop; sti; nop; nop
    CHECK(t.cpu->rip == Fixture::kCode + 3);
    t.cpu->run(1);  // hlt in the handler
    CHECK(t.cpu->rip == 0x5001);
    CHECK(t.at<std::uint16_t>(Fixture::kStack - 6) == Fixture::kCode + 3);
}

TEST_CASE("STI when interrupts are on casts no shadow, CLI behind STI keeps them off") {
    Trial on(16);
    on.cpu->set_rflags(kIf);
    on.run({0xFB}, 1);
    give_interrupt(on);
    on.cpu->run(1);
    CHECK(on.at<std::uint16_t>(Fixture::kStack - 6) == Fixture::kCode + 1);

    Trial off(16);
    give_interrupt(off);
    off.run({0xFB, 0xFA, 0x90, 0x90}, 4);
    CHECK(off.cpu->rip == Fixture::kCode + 4);
}

TEST_CASE("POPF that switches interrupts on lets one in right away") {
    Trial t(16);
    give_interrupt(t);
    t.set_at<std::uint16_t>(Fixture::kStack, 0x202);
    t.run({0x9D, 0x90}, 2);
    CHECK(t.cpu->rip == 0x5001);
    CHECK(t.at<std::uint16_t>(Fixture::kStack - 4) == Fixture::kCode + 1);
}

TEST_CASE("HLT waits for an interrupt, which returns behind it") {
    Trial t(16);
    t.run({0xFB, 0xF4, 0x90}, 3);  // sti; hlt: the idle loop of every kernel
    CHECK(t.cpu->activity == Activity::kHalted);
    CHECK(t.cpu->instructions == 2);
    t.cpu->run(5);
    CHECK(t.cpu->instructions == 2);
    give_interrupt(t);
    t.cpu->run(1);
    CHECK(t.at<std::uint16_t>(Fixture::kStack - 6) == Fixture::kCode + 2);
    CHECK(t.cpu->rip == 0x5001);
}

TEST_CASE("HLT with interrupts off wakes for an NMI only, and is not for programs") {
    Trial t(16);
    t.run({0xF4}, 1);
    give_interrupt(t);
    t.cpu->run(1);
    CHECK(t.cpu->activity == Activity::kHalted);
    t.set_at<std::uint32_t>(2 * 4, 0x5000);
    t.cpu->attention(kWantNmi);
    t.cpu->run(1);
    CHECK(t.cpu->rip == 0x5001);

    Trial user;
    user.cpu->set_cpl(3);
    CHECK(user.faults({0xF4}, kGeneralProtection));
}

TEST_CASE("TF set by POPF traps behind the next instruction, not behind POPF") {
    Trial t(32);
    t.set_at<std::uint32_t>(Fixture::kStack, kTf);
    CHECK(t.does({0x9D, 0x90, 0x90}, 1));
    t.cpu->run(1);
    REQUIRE(t.raised);
    CHECK(t.raised->vector == kDebug);
    CHECK(t.raised->is_trap);
    CHECK((t.cpu->control.dr6 & kDr6Bs) != 0);
    CHECK(t.cpu->rip == Fixture::kCode + 2);
}

}  // namespace nyx::soft
