// Page tables in every format (Intel SDM volume 3, chapter 4).
#include <doctest/doctest.h>

#include "paging_fixture.h"

namespace nyx::soft {
namespace {

constexpr std::uint64_t kAt = 0x90000;  // mapped by the tests

}  // namespace

TEST_CASE("4.3, 4.4, 4.5: reading and writing through all formats, with accessed and dirty bits") {
    for (auto format : {Paged::Format::kTwoLevels, Paged::Format::kPae, Paged::Format::kFourLevels}) {
        Paged f(format);
        f.set_entry(kAt, Paged::kPage | kAll);
        f.set_at<std::uint8_t>(Paged::kPage + 5, 0x42);
        CHECK_FALSE(f.access(kAt + 5, Touch::kRead).has_value());
        CHECK(static_cast<std::uint8_t>(f.cpu->gpr[kRax]) == 0x42);
        CHECK(f.entry(kAt) == (Paged::kPage | kAll | kA));
        f.cpu->gpr[kRax] = 0x43;
        CHECK_FALSE(f.access(kAt + 6, Touch::kWrite).has_value());
        CHECK(f.at<std::uint8_t>(Paged::kPage + 6) == 0x43);
        CHECK(f.entry(kAt) == (Paged::kPage | kAll | kA | kD));
        CHECK((f.at<std::uint64_t>(format == Paged::Format::kTwoLevels ? Paged::kTop : Paged::kThird) & kA) != 0);
    }
}

TEST_CASE("4.6, 4.7: rights, and the error code that tells what was wrong") {
    for (auto format : {Paged::Format::kTwoLevels, Paged::Format::kPae, Paged::Format::kFourLevels}) {
        CAPTURE(static_cast<int>(format));
        Paged f(format);
        f.set_entry(kAt, 0);
        CHECK(f.access(kAt, Touch::kRead) == 0);
        CHECK(f.access(kAt, Touch::kWrite) == 2);
        CHECK(f.access(kAt, Touch::kRead, 3) == 4);
        f.set_entry(kAt, Paged::kPage | kP);
        CHECK(f.access(kAt, Touch::kRead, 3) == 5);
        CHECK(f.access(kAt, Touch::kWrite, 3) == 7);
        CHECK(f.access(kAt, Touch::kWrite) == 3);    // CR0.WP
        CHECK(f.entry(kAt) == (Paged::kPage | kP));  // a refused access leaves no trace
        f.cpu->control.cr0 &= ~kCr0Wp;
        f.cpu->flush_tlb(true);
        CHECK_FALSE(f.access(kAt, Touch::kWrite).has_value());
        CHECK(f.entry(kAt) == (Paged::kPage | kP | kA | kD));
        f.set_entry(kAt, Paged::kPage | kP | kU);
        CHECK(f.access(kAt, Touch::kWrite, 3) == 7);
        CHECK_FALSE(f.access(kAt, Touch::kRead, 3).has_value());
    }
}

TEST_CASE("4.6.1: SMAP and SMEP keep the system from the user's pages") {
    Paged f(Paged::Format::kFourLevels);
    f.set_at<std::uint8_t>(Paged::kPage, 0x90);
    f.set_entry(kAt, Paged::kPage | kAll);
    // Only the tested page is the user's, or the handler could not run.
    for (std::uint64_t page = 0; page < 64; ++page) f.set_entry(page << 12, page << 12 | kP | kW);
    f.cpu->control.cr4 |= kCr4Smap;
    f.cpu->mode_changed();
    CHECK(f.access(kAt, Touch::kRead) == 1);
    CHECK(f.access(kAt, Touch::kWrite) == 3);
    f.cpu->set_rflags(kAc);
    CHECK_FALSE(f.access(kAt, Touch::kRead).has_value());
    CHECK_FALSE(f.access(kAt, Touch::kExecute).has_value());
    f.cpu->control.cr4 |= kCr4Smep;
    f.cpu->flush_tlb(true);
    CHECK(f.access(kAt, Touch::kExecute) == 0x11);
}

TEST_CASE("4.6, 4.7: NX, and bits that are reserved") {
    for (auto format : {Paged::Format::kPae, Paged::Format::kFourLevels}) {
        CAPTURE(static_cast<int>(format));
        Paged f(format);
        f.set_entry(kAt, Paged::kPage | kAll | kNx);
        CHECK_FALSE(f.access(kAt, Touch::kRead).has_value());
        CHECK(f.access(kAt, Touch::kExecute) == 0x11);
        CHECK(f.access(kAt, Touch::kExecute, 3) == 0x15);
        f.cpu->control.efer &= ~kEferNxe;
        f.cpu->flush_tlb(true);
        CHECK(f.access(kAt, Touch::kRead) == 9);
        f.set_entry(kAt, Paged::kPage | kAll | std::uint64_t{1} << 46);
        CHECK(f.access(kAt, Touch::kWrite) == 0xB);
        // Bits 52 to 62 are ignored in long mode and reserved with PAE.
        f.set_entry(kAt, Paged::kPage | kAll | std::uint64_t{1} << 52);
        CHECK(f.access(kAt, Touch::kRead).has_value() == (format == Paged::Format::kPae));
    }
}

TEST_CASE("4.3: pages of 4 MiB") {
    Paged f(Paged::Format::kTwoLevels);
    f.set_at<std::uint32_t>(Paged::kTop + 4, kAll | kPs);  // physical 0 at 4 MiB
    CHECK(f.access(0x450000, Touch::kRead).has_value());   // without CR4.PSE the bit means nothing
    f.cpu->control.cr4 |= kCr4Pse;
    f.cpu->flush_tlb(true);
    f.set_at<std::uint8_t>(0x50000, 0x77);
    CHECK_FALSE(f.access(0x450000, Touch::kRead).has_value());
    CHECK(static_cast<std::uint8_t>(f.cpu->gpr[kRax]) == 0x77);
    CHECK(f.at<std::uint32_t>(Paged::kTop + 4) == (kAll | kPs | kA));
    f.set_at<std::uint32_t>(Paged::kTop + 4, kAll | kPs | 1u << 21);
    f.cpu->flush_tlb(true);
    CHECK(f.access(0x450000, Touch::kRead) == 9);
}

TEST_CASE("4.5: pages of 2 MiB and 1 GiB") {
    Paged f(Paged::Format::kFourLevels);
    f.set_at<std::uint8_t>(0x50123, 0x77);
    f.set_at<std::uint64_t>(Paged::kThird + 8, kAll | kPs);   // at 2 MiB
    f.set_at<std::uint64_t>(Paged::kSecond + 8, kAll | kPs);  // at 1 GiB
    for (std::uint64_t base : {0x200000ull, 0x40000000ull}) {
        f.cpu->gpr[kRax] = 0;
        CHECK_FALSE(f.access(base + 0x50123, Touch::kRead).has_value());
        CHECK(static_cast<std::uint8_t>(f.cpu->gpr[kRax]) == 0x77);
        CHECK_FALSE(f.access(base + 0x50124, Touch::kWrite).has_value());
    }
    CHECK(f.at<std::uint64_t>(Paged::kThird + 8) == (kAll | kPs | kA | kD));
    CHECK(f.at<std::uint64_t>(Paged::kSecond + 8) == (kAll | kPs | kA | kD));
    f.set_at<std::uint64_t>(Paged::kThird + 8, kAll | kPs | 1u << 13);
    f.cpu->flush_tlb(true);
    CHECK(f.access(0x250123, Touch::kRead) == 9);
    f.set_at<std::uint64_t>(Paged::kTop + 8, kAll | kPs);
    CHECK(f.access(std::uint64_t{1} << 39, Touch::kRead) == 9);
}

TEST_CASE("4.10.4: what INVLPG, MOV CR3 and MOV CR4 forget") {
    Paged f(Paged::Format::kFourLevels);
    Cpu& cpu = *f.cpu;
    cpu.control.cr4 |= kCr4Pge;
    constexpr std::uint64_t kOther = 0x51000, kGlobalAt = 0x91000;
    f.set_at<std::uint8_t>(Paged::kPage, 1);
    f.set_at<std::uint8_t>(kOther, 2);
    f.set_entry(kAt, Paged::kPage | kAll);
    f.set_entry(kGlobalAt, Paged::kPage | kAll | kG);
    auto value = [&](std::uint64_t linear) {
        CHECK_FALSE(f.access(linear, Touch::kRead).has_value());
        return static_cast<std::uint8_t>(cpu.gpr[kRax]);
    };
    auto remap = [&] {
        f.set_at(f.entry_address(kAt), kOther | kAll);
        f.set_at(f.entry_address(kGlobalAt), kOther | kAll | kG);
    };
    CHECK(value(kAt) == 1);
    CHECK(value(kGlobalAt) == 1);
    remap();
    CHECK(value(kAt) == 1);  // a real TLB may, and ours does, remember
    cpu.gpr[kRbx] = kAt;
    cpu.rip = Fixture::kCode;
    f.run({0x0F, 0x01, 0x3B});
    CHECK(value(kAt) == 2);
    CHECK(value(kGlobalAt) == 1);
    cpu.gpr[kRax] = Paged::kTop;
    cpu.rip = Fixture::kCode;
    f.run({0x0F, 0x22, 0xD8});
    CHECK(value(kGlobalAt) == 1);
    cpu.gpr[kRax] = cpu.control.cr4 & ~kCr4Pge;
    cpu.rip = Fixture::kCode;
    f.run({0x0F, 0x22, 0xE0});
    CHECK(value(kGlobalAt) == 2);
}

TEST_CASE("4.10.4.1: INVLPG of any address of a large page forgets all of it") {
    Paged f(Paged::Format::kFourLevels);
    f.set_at<std::uint64_t>(Paged::kThird + 8, kAll | kPs);
    CHECK_FALSE(f.access(0x200000 + Paged::kPage, Touch::kRead).has_value());
    f.set_at<std::uint64_t>(Paged::kThird + 8, 0);
    CHECK_FALSE(f.access(0x200000 + Paged::kPage, Touch::kRead).has_value());
    f.cpu->gpr[kRbx] = 0x200000;
    f.cpu->rip = Fixture::kCode;
    f.run({0x0F, 0x01, 0x3B});
    CHECK(f.access(0x200000 + Paged::kPage, Touch::kRead) == 0);
}

TEST_CASE("3.3.7.1: an address that is not canonical is #GP, and #SS on the stack") {
    Paged f(Paged::Format::kFourLevels);
    f.cpu->gpr[kRbx] = std::uint64_t{1} << 47;
    f.run({0x8A, 0x03});
    CHECK(f.cpu->rip == SystemFixture::kHandler + 8);
    CHECK(f.stacked(0) == 0);
    for (std::initializer_list<std::uint8_t> code :
         {std::initializer_list<std::uint8_t>{0x8A, 0x45, 0x00}, {0x48, 0x8B, 0x45, 0x00}, {0x8A, 0x04, 0x24}}) {
        Paged g(Paged::Format::kFourLevels);
        g.gate(kStackFault, SystemFixture::kHandler + 9, SystemFixture::kInterrupt, 0, 1);
        g.set_at<std::uint64_t>(SystemFixture::kTss + 0x24, SystemFixture::kInnerStack);
        g.cpu->gpr[kRbp] = g.cpu->gpr[kRsp] = std::uint64_t{1} << 47;
        g.run(code);  // mov from [rbp] and [rsp]
        CHECK(g.cpu->rip == SystemFixture::kHandler + 9);
    }
    for (std::initializer_list<std::uint8_t> code :
         {std::initializer_list<std::uint8_t>{0x50}, {0x58}, {0xC3}, {0x9C}, {0xE8, 0, 0, 0, 0}, {0x48, 0xCF}}) {
        Paged g(Paged::Format::kFourLevels);
        g.gate(kStackFault, SystemFixture::kHandler + 9, SystemFixture::kInterrupt, 0, 1);
        g.set_at<std::uint64_t>(SystemFixture::kTss + 0x24, SystemFixture::kInnerStack);
        g.cpu->gpr[kRsp] = (std::uint64_t{1} << 47) + 8;
        g.run(code);
        CAPTURE(*code.begin());
        CHECK(g.cpu->rip == SystemFixture::kHandler + 9);
        CHECK(g.stacked(1) == Fixture::kCode);
    }
}

TEST_CASE("an access over the end of a page needs both, and leaves no trace when one refuses") {
    Paged f(Paged::Format::kFourLevels);
    f.set_entry(kAt, Paged::kPage | kAll);
    f.set_entry(kAt + 0x1000, 0x51000 | kP | kU);
    f.cpu->gpr[kRbx] = kAt + 0xFFE;
    f.cpu->gpr[kRax] = 0x11223344;
    f.run({0x89, 0x03});
    CHECK(f.cpu->rip == SystemFixture::kHandler);
    CHECK(f.stacked(0) == 3);
    CHECK(f.cpu->control.cr2 == kAt + 0x1000);
    CHECK(f.entry(kAt) == (Paged::kPage | kAll));
    f.set_entry(kAt + 0x1000, 0x51000 | kAll);
    f.cpu->rip = Fixture::kCode;
    f.run({0x89, 0x03});
    CHECK(f.at<std::uint16_t>(Paged::kPage + 0xFFE) == 0x3344);
    CHECK(f.at<std::uint16_t>(0x51000) == 0x1122);
}

TEST_CASE("an instruction over the end of a page faults for the page that is not there") {
    Paged f(Paged::Format::kFourLevels);
    f.set_entry(kAt, Paged::kPage | kAll);
    f.set_entry(kAt + 0x1000, 0);
    f.set_at<std::uint8_t>(Paged::kPage + 0xFFF, 0x48);
    f.cpu->rip = kAt + 0xFFF;
    f.cpu->run(1);
    CHECK(f.cpu->rip == SystemFixture::kHandler);
    CHECK(f.stacked(0) == 0x10);
    CHECK(f.stacked(1) == kAt + 0xFFF);
    CHECK(f.cpu->control.cr2 == kAt + 0x1000);
    // The fault has left nothing that changes how the code runs afterwards.
    f.set_entry(kAt + 0x1000, 0x51000 | kAll);
    f.set_at<std::uint32_t>(0x51000, 0x9090C0FF);
    f.cpu->gpr[kRax] = 1;
    f.cpu->rip = kAt + 0xFFF;
    f.cpu->run(1);
    CHECK(f.cpu->gpr[kRax] == 2);
    CHECK(f.cpu->rip == kAt + 0x1002);
}

}  // namespace nyx::soft
