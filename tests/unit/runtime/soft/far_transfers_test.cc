// Far JMP, CALL and RET, call gates and tasks (Intel SDM volume 3, §5.8, chapter 7).
#include <doctest/doctest.h>

#include "system_fixture.h"

namespace nyx::soft {

TEST_CASE("far CALL and RET in real mode") {
    Fixture f(16);
    f.run({0x9A, 0x34, 0x12, 0x00, 0x05});
    CHECK(f.cpu->segments[kCs].base == 0x5000);
    CHECK(f.cpu->rip == 0x1234);
    CHECK(f.at<std::uint16_t>(Fixture::kStack - 4) == Fixture::kCode + 5);
    f.put(0x6234, {0xCA, 0x02, 0x00});  // retf 2
    f.cpu->run(1);
    CHECK(f.cpu->rip == Fixture::kCode + 5);
    CHECK(f.cpu->gpr[kRsp] == Fixture::kStack + 2);
}

TEST_CASE("5.8.1: far JMP between segments of 32 and 16 bits, and into 64-bit code") {
    SystemFixture f(32);
    f.descriptor(SystemFixture::kSpare, 0x10000, 0xFFFF, 0x9A, 0);
    f.run({0xEA, 0x10, 0x00, 0x00, 0x00, 0x38, 0x00});
    CHECK(f.cpu->mode().code_bits == 16);
    CHECK(f.cpu->rip == 0x10);
    CHECK(f.at<std::uint8_t>(SystemFixture::kGdt + SystemFixture::kSpare + 5) == 0x9B);
    SystemFixture g(64);
    g.set_at<std::uint32_t>(Fixture::kData, 0x6000);
    g.set_at<std::uint16_t>(Fixture::kData + 4, SystemFixture::kCode32);
    g.run({0xFF, 0x2C, 0x25, 0, 0, 2, 0});  // jmp far [kData]
    CHECK(g.cpu->mode().code_bits == 32);
    CHECK(g.cpu->is_long());
    g.run({0xEA, 0x10, 0x70, 0x00, 0x00, 0x48, 0x00});
    CHECK(g.cpu->mode().code_bits == 64);
    CHECK(g.cpu->rip == 0x7010);
}

TEST_CASE("5.8.1: a far transfer without the privilege faults with the selector") {
    SystemFixture f(32);
    f.gate(kGeneralProtection);
    f.set_level(3);
    f.run({0xEA, 0x10, 0x00, 0x00, 0x00, 0x08, 0x00});
    CHECK(f.stacked(0) == 8);
    CHECK(f.stacked(1) == Fixture::kCode);
    SystemFixture g(32);
    g.gate(kGeneralProtection);
    g.descriptor(SystemFixture::kSpare, 0, 0xFF, 0x9B, 0x4);
    g.run({0xEA, 0x00, 0x01, 0x00, 0x00, 0x38, 0x00});  // beyond the limit
    CHECK(g.stacked(0) == 0);
}

TEST_CASE("5.8.4, 5.8.5: a call gate to level 0 copies parameters, and RETF comes back") {
    SystemFixture f(32);
    f.set_at(SystemFixture::kGdt + SystemFixture::kSpare,
             SystemFixture::gate_low(SystemFixture::kCode0, 0x6000, SystemFixture::kCallGate, 3, 2));
    f.set_level(3);
    f.set_at<std::uint32_t>(Fixture::kStack, 0x1111);
    f.set_at<std::uint32_t>(Fixture::kStack + 4, 0x2222);
    f.run({0x9A, 0, 0, 0, 0, 0x3B, 0x00});
    CHECK(f.cpu->cpl == 0);
    CHECK(f.cpu->rip == 0x6000);
    CHECK(f.cpu->gpr[kRsp] == SystemFixture::kInnerStack - 24);
    CHECK(f.stacked(0) == Fixture::kCode + 7);
    CHECK(f.stacked(1) == SystemFixture::kCode3);
    CHECK(f.stacked(2) == 0x1111);
    CHECK(f.stacked(3) == 0x2222);
    CHECK(f.stacked(4) == Fixture::kStack);
    f.run({0xCA, 0x08, 0x00});
    CHECK(f.cpu->cpl == 3);
    CHECK(f.cpu->rip == Fixture::kCode + 7);
    CHECK(f.cpu->gpr[kRsp] == Fixture::kStack + 8);
}

TEST_CASE("5.8.3.1: a 64-bit call gate") {
    SystemFixture f(64);
    f.set_at(SystemFixture::kGdt + SystemFixture::kSpare,
             SystemFixture::gate_low(SystemFixture::kCode0, 0x6000, SystemFixture::kCallGate, 3));
    f.set_at<std::uint64_t>(SystemFixture::kGdt + SystemFixture::kSpare + 8, 0);
    f.set_level(3);
    f.set_at<std::uint32_t>(Fixture::kData, 0);
    f.set_at<std::uint16_t>(Fixture::kData + 4, 0x3B);
    f.run({0xFF, 0x1C, 0x25, 0, 0, 2, 0});
    CHECK(f.cpu->cpl == 0);
    CHECK(f.cpu->rip == 0x6000);
    CHECK(f.cpu->gpr[kRsp] == SystemFixture::kInnerStack - 32);
    CHECK(f.stacked(2) == Fixture::kStack);
    CHECK(f.cpu->segments[kSs].selector == 0);
    f.run({0x48, 0xCB});
    CHECK(f.cpu->cpl == 3);
    CHECK(f.cpu->gpr[kRsp] == Fixture::kStack);
}

TEST_CASE("7.3: CALL of a task and the way back by IRET") {
    SystemFixture f(32);
    constexpr std::uint64_t kOther = 0x5000;
    f.descriptor(SystemFixture::kSpare, kOther, 0x67, 0x89, 0);
    f.set_at<std::uint32_t>(kOther + 0x20, 0x6000);
    f.set_at<std::uint32_t>(kOther + 0x24, 2);
    f.set_at<std::uint32_t>(kOther + 0x28, 0xABCD);
    f.set_at<std::uint32_t>(kOther + 0x38, 0x7800);
    for (std::uint64_t i = 0; i < 6; ++i)
        f.set_at<std::uint32_t>(kOther + 0x48 + i * 4, i == kCs ? SystemFixture::kCode0 : SystemFixture::kData0);
    f.cpu->gpr[kRbx] = 0x77;
    f.run({0x9A, 0, 0, 0, 0, 0x38, 0x00});
    CHECK(f.cpu->rip == 0x6000);
    CHECK(f.cpu->gpr[kRax] == 0xABCD);
    CHECK(f.cpu->gpr[kRsp] == 0x7800);
    CHECK((f.cpu->rflags() & kNt) != 0);
    CHECK((f.cpu->control.cr0 & kCr0Ts) != 0);
    CHECK(f.cpu->segments[kTr].selector == SystemFixture::kSpare);
    CHECK(f.at<std::uint16_t>(kOther) == SystemFixture::kTask);
    CHECK(f.at<std::uint32_t>(SystemFixture::kTss + 0x20) == Fixture::kCode + 7);
    CHECK(f.at<std::uint8_t>(SystemFixture::kGdt + SystemFixture::kSpare + 5) == 0x8B);
    f.run({0xCF});
    CHECK(f.cpu->rip == Fixture::kCode + 7);
    CHECK(f.cpu->gpr[kRbx] == 0x77);
    CHECK((f.cpu->rflags() & kNt) == 0);
    CHECK(f.cpu->segments[kTr].selector == SystemFixture::kTask);
    CHECK(f.at<std::uint8_t>(SystemFixture::kGdt + SystemFixture::kSpare + 5) == 0x89);
    CHECK(f.at<std::uint32_t>(kOther + 0x20) == 0x6001);  // where it goes on the next time
}

TEST_CASE("7.3: a task gate for #DF, with its error code on the new stack") {
    SystemFixture f(32);
    constexpr std::uint64_t kOther = 0x5000;
    f.descriptor(SystemFixture::kSpare, kOther, 0x67, 0x89, 0);
    f.set_at<std::uint32_t>(kOther + 0x20, 0x6000);
    f.set_at<std::uint32_t>(kOther + 0x38, 0x7800);
    for (std::uint64_t i = 0; i < 6; ++i)
        f.set_at<std::uint32_t>(kOther + 0x48 + i * 4, i == kCs ? SystemFixture::kCode0 : SystemFixture::kData0);
    f.set_at(SystemFixture::kIdt + 8 * 8, std::uint64_t{SystemFixture::kSpare} << 16 | std::uint64_t{0x85} << 40);
    f.cpu->gpr[kRsp] = 0x10;
    f.cpu->segments[kSs].limit = 0xFF;
    f.cpu->segments[kSs].base = 0;
    f.cpu->gpr[kRsp] = 0x200;
    f.cpu->mode_changed();
    f.run({0x50});  // push eax: #SS, and there is no gate for it
    CHECK(f.cpu->rip == 0x6000);
    CHECK(f.cpu->gpr[kRsp] == 0x77FC);
    CHECK(f.at<std::uint32_t>(SystemFixture::kTss + 0x20) == Fixture::kCode);
}

}  // namespace nyx::soft
