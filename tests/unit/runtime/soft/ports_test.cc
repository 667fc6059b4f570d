// IN, OUT, INS, OUTS and who may (SDM volume 1, §19.5; volume 2).
#include "trial.h"

namespace nyx::soft {
namespace {

constexpr std::uint64_t kTask = 0x3000, kMap = 0x3100;

// A TSS whose map begins at offset 0x100 and allows everything but ports 0x61 and 0x80.
void give_task(Trial& t) {
    t.cpu->segments[kTr].base = kTask;
    t.cpu->segments[kTr].limit = 0x100 + 0x20;
    t.set_at<std::uint16_t>(kTask + 102, 0x100);
    t.set_at<std::uint8_t>(kMap + 0x61 / 8, 1 << (0x61 % 8));
    t.set_at<std::uint8_t>(kMap + 0x80 / 8, 1);
}

}  // namespace

TEST_CASE("IN and OUT have three widths and two ways to name the port") {
    Trial t;
    t.cpu->gpr[kRax] = 0x1122334455667788;
    CHECK(t.does({0xE6, 0x42}));  // out 0x42, al
    CHECK(t.around.ports[0x42] == 0x88);
    t.cpu->gpr[kRdx] = 0xFFFF0CF8;
    CHECK(t.does({0x66, 0xEF}));  // out dx, ax
    CHECK(t.around.ports[0xCF8] == 0x7788);
    CHECK(t.does({0xEF}));  // out dx, eax
    CHECK(t.around.ports[0xCF8] == 0x55667788);
    t.around.ports[0xCF8] = 0xA1B2C3D4;
    CHECK(t.does({0xEC}));  // in al, dx
    CHECK(t.cpu->gpr[kRax] == 0x11223344556677D4);
    CHECK(t.does({0x66, 0xED}));  // in ax, dx
    CHECK(t.cpu->gpr[kRax] == 0x112233445566C3D4);
    CHECK(t.does({0xE5, 0xF8}));  // in eax, 0xf8: clears the upper half
    CHECK(t.cpu->gpr[kRax] == 0);
}

TEST_CASE("beyond the IOPL the task's map decides") {
    Trial t(32);
    give_task(t);
    t.cpu->set_cpl(3);
    CHECK(t.does({0xE4, 0x60}));                              // in al, 0x60
    CHECK(t.faults({0xE4, 0x61}, kGeneralProtection));        // in al, 0x61
    CHECK(t.faults({0x66, 0xE5, 0x60}, kGeneralProtection));  // in ax, 0x60: one bit of two
    CHECK(t.faults({0xE7, 0x7D}, kGeneralProtection));        // out 0x7d, eax: the last bit is in the next byte
    CHECK(t.does({0xE7, 0x7C}));
    t.set_iopl(3);
    CHECK(t.does({0xE4, 0x61}));
}

TEST_CASE("a port whose bits do not lie in the task's segment is forbidden") {
    Trial t(32);
    give_task(t);
    t.cpu->set_cpl(3);
    t.cpu->gpr[kRdx] = 0xF8;
    CHECK(t.does({0xEC}));  // the byte at 0x11F and the one behind it
    t.cpu->gpr[kRdx] = 0x100;
    CHECK(t.faults({0xEC}, kGeneralProtection));
    t.cpu->segments[kTr].limit = 102;  // no room for the map's place
    CHECK(t.faults({0xE4, 0x60}, kGeneralProtection));
    t.cpu->segments[kTr].limit = 0x120;
    t.cpu->segments[kTr].access = Segment::kPresent | 3;  // a TSS of the 286 has no map
    CHECK(t.faults({0xE4, 0x60}, kGeneralProtection));
}

TEST_CASE("virtual-8086 mode asks the map whatever the IOPL") {
    Trial t(16);
    t.cpu->control.cr0 |= kCr0Pe;
    give_task(t);
    t.enter_v86(3);
    CHECK(t.does({0xE4, 0x60}));
    CHECK(t.faults({0xE4, 0x61}, kGeneralProtection));
}

TEST_CASE("REP OUTSB and REP INSW move all elements and leave the registers behind the last") {
    Trial t;
    t.set_at<std::uint32_t>(Fixture::kData, 0x04030201);
    t.cpu->gpr[kRsi] = Fixture::kData;
    t.cpu->gpr[kRcx] = 4;
    t.cpu->gpr[kRdx] = 0x3F8;
    CHECK(t.does({0xF3, 0x6E}));
    CHECK(t.around.ports[0x3F8] == 4);
    CHECK(t.cpu->gpr[kRsi] == Fixture::kData + 4);
    CHECK(t.cpu->gpr[kRcx] == 0);

    t.around.ports[0x3F8] = 0xBEEF;
    t.cpu->gpr[kRdi] = Fixture::kData + 0x100;
    t.cpu->gpr[kRcx] = 3;
    t.cpu->other_flags |= kDf;
    CHECK(t.does({0xF3, 0x66, 0x6D}));
    CHECK(t.at<std::uint16_t>(Fixture::kData + 0x100) == 0xBEEF);
    CHECK(t.at<std::uint16_t>(Fixture::kData + 0xFC) == 0xBEEF);
    CHECK(t.at<std::uint16_t>(Fixture::kData + 0xFA) == 0);
    CHECK(t.cpu->gpr[kRdi] == Fixture::kData + 0xFA);
}

TEST_CASE("INS reads its port only when the memory can be written") {
    Trial t(32);
    t.cpu->segments[kEs].limit = Fixture::kData + 1;
    t.around.ports[0x3F8] = 0x5A;
    t.cpu->gpr[kRdi] = Fixture::kData + 1;
    t.cpu->gpr[kRcx] = 2;
    t.cpu->gpr[kRdx] = 0x3F8;
    CHECK_FALSE(t.does({0xF3, 0x6C}));  // rep insb: one fits
    CHECK(t.raised->vector == kGeneralProtection);
    CHECK(t.around.reads == 1);
    CHECK(t.cpu->gpr[kRcx] == 1);
    CHECK(t.cpu->gpr[kRdi] == Fixture::kData + 2);
    CHECK(t.cpu->rip == Fixture::kCode);
}

TEST_CASE("a repeated OUTS stops between elements for whoever wants attention, and goes on") {
    Trial t;
    t.cpu->gpr[kRsi] = Fixture::kData;
    t.cpu->gpr[kRcx] = 3;
    t.cpu->gpr[kRdx] = 0x3F8;
    t.around.on_port = [&] { t.cpu->attention(kWantReturn); };
    CHECK(t.does({0xF3, 0x6E}));
    CHECK(t.cpu->gpr[kRcx] == 2);
    CHECK(t.cpu->rip == Fixture::kCode);
    t.around.on_port = {};
    t.cpu->run(1);
    CHECK(t.cpu->gpr[kRcx] == 0);
    CHECK(t.cpu->rip == Fixture::kCode + 2);
}

}  // namespace nyx::soft
