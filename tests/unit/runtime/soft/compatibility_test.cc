// Compatibility mode: 32-bit code under a 64-bit system (Intel SDM volume 3, §6.14, §5.2.1).
#include <doctest/doctest.h>

#include "system_fixture.h"

namespace nyx::soft {
namespace {

// Level 3 in code of 32 bits, with IA-32e mode on.
struct Compatible : SystemFixture {
    Compatible() : SystemFixture(64) {
        descriptor(kCode32, 0, 0xFFFFF, 0xFB, 0xC);
        set_level(3);
        cpu->segments[kCs].access = 0xC0FB;
        cpu->segments[kCs].selector = kCode32 | 3;
        cpu->segments[kCs].limit = 0xFFFFFFFF;
        cpu->mode_changed();
    }
};

}  // namespace

TEST_CASE("6.14.1: an interrupt leaves compatibility mode, and IRETQ comes back to it") {
    Compatible f;
    f.gate(0x80, SystemFixture::kHandler, SystemFixture::kInterrupt, 3);
    CHECK(f.cpu->mode().code_bits == 32);
    f.cpu->gpr[kRsp] = Fixture::kStack - 2;
    f.run({0xCD, 0x80});
    CHECK(f.cpu->is_64());
    CHECK(f.cpu->gpr[kRsp] == SystemFixture::kInnerStack - 40);
    CHECK(f.stacked(1) == (SystemFixture::kCode32 | 3));
    CHECK(f.stacked(3) == Fixture::kStack - 2);
    f.run({0x48, 0xCF});
    CHECK(f.cpu->mode().code_bits == 32);
    CHECK(f.cpu->cpl == 3);
    CHECK(f.cpu->rip == Fixture::kCode + 2);
    CHECK(f.cpu->gpr[kRsp] == Fixture::kStack - 2);
}

TEST_CASE("6.14.1: a handler of long mode must be 64-bit code") {
    Compatible f;
    f.gate(kGeneralProtection);
    f.gate(0x80, SystemFixture::kHandler, SystemFixture::kInterrupt, 3, 0, SystemFixture::kSpare);
    f.descriptor(SystemFixture::kSpare, 0, 0xFFFFF, 0x9B, 0xC);
    f.run({0xCD, 0x80});
    CHECK(f.stacked(0) == SystemFixture::kSpare);
    CHECK(f.stacked(1) == Fixture::kCode);
}

TEST_CASE("segments count in compatibility mode") {
    Compatible f;
    f.gate(kGeneralProtection);
    f.cpu->segments[kDs].base = 0x100;
    f.cpu->mode_changed();
    f.set_at<std::uint32_t>(Fixture::kData + 0x100, 0x1234);
    f.run({0xA1, 0x00, 0x00, 0x02, 0x00});
    CHECK(f.cpu->gpr[kRax] == 0x1234);
    f.cpu->segments[kDs].limit = 0xFFF;
    f.cpu->mode_changed();
    f.cpu->rip = Fixture::kCode;
    f.cpu->run(1);
    CHECK(f.cpu->rip == SystemFixture::kHandler);
}

TEST_CASE("SYSCALL from compatibility mode is AMD's") {
    auto with_vendor = [](std::uint32_t ebx) {
        Compatible f;
        std::vector<CpuidLeaf> table{{0, 0, false, 1, ebx, 0, 0},
                                     {0x80000000, 0, false, 0x80000001, 0, 0, 0},
                                     {0x80000001, 0, false, 0, 0, 0, 0x20100800}};
        Cpu cpu(f.memory, f.around, table, 0);
        cpu.segments = f.cpu->segments;
        cpu.control = f.cpu->control;
        cpu.control.efer |= kEferSce;
        cpu.idt = f.cpu->idt;
        cpu.gdt = f.cpu->gdt;
        cpu.msr.cstar = 0x7000;
        cpu.msr.star = std::uint64_t{8} << 32;
        cpu.rip = Fixture::kCode;
        cpu.set_cpl(3);
        f.gate(kInvalidOpcode);
        f.put(Fixture::kCode, {0x0F, 0x05});
        cpu.run(1);
        return cpu.rip;
    };
    CHECK(with_vendor(0x68747541) == 0x7000);
    CHECK(with_vendor(0x756E6547) == SystemFixture::kHandler);
}

TEST_CASE("7.2.6: a task of 16 bits") {
    SystemFixture f(32);
    constexpr std::uint64_t kOther = 0x5000;
    f.descriptor(SystemFixture::kSpare, kOther, 0x2B, 0x81, 0);
    f.set_at<std::uint16_t>(kOther + 0x0E, 0x6000);
    f.set_at<std::uint16_t>(kOther + 0x12, 0x1234);
    f.set_at<std::uint16_t>(kOther + 0x1A, 0x7800);
    for (std::uint64_t i = 0; i < 4; ++i)
        f.set_at<std::uint16_t>(kOther + 0x22 + i * 2, i == kCs ? SystemFixture::kCode0 : SystemFixture::kData0);
    f.run({0xEA, 0, 0, 0, 0, 0x38, 0x00});
    CHECK(f.cpu->rip == 0x6000);
    CHECK(f.cpu->gpr[kRax] == 0xFFFF1234);
    CHECK(static_cast<std::uint16_t>(f.cpu->gpr[kRsp]) == 0x7800);
    CHECK(f.cpu->segments[kFs].selector == 0);
    CHECK(f.at<std::uint8_t>(SystemFixture::kGdt + SystemFixture::kTask + 5) == 0x89);  // no longer busy
}

}  // namespace nyx::soft
