// System calls and alignment checks (Intel SDM volume 3, §5.8.7, §5.8.8, §6.15).
#include <doctest/doctest.h>

#include "system_fixture.h"

namespace nyx::soft {
namespace {

// True: the instruction raised #GP(0).
bool is_refused(SystemFixture& f, std::initializer_list<std::uint8_t> code) {
    f.gate(kGeneralProtection);
    f.cpu->rip = Fixture::kCode;
    f.run(code);
    return f.cpu->rip == SystemFixture::kHandler && f.stacked(0) == 0 && f.stacked(1) == Fixture::kCode;
}

}  // namespace

TEST_CASE("5.8.8: SYSCALL and SYSRET") {
    SystemFixture f(64);
    Cpu& cpu = *f.cpu;
    cpu.control.efer |= kEferSce;
    cpu.msr.star = std::uint64_t{0x1B} << 48 | std::uint64_t{8} << 32;
    cpu.msr.lstar = 0x6000;
    cpu.msr.sfmask = kIf | kDf;
    f.set_level(3);
    cpu.set_rflags(kIf | kDf | kCf);
    f.run({0x0F, 0x05});
    CHECK(cpu.cpl == 0);
    CHECK(cpu.rip == 0x6000);
    CHECK(cpu.gpr[kRcx] == Fixture::kCode + 2);
    CHECK(cpu.gpr[kR11] == (kIf | kDf | kCf | 2));
    CHECK(cpu.rflags() == (kCf | 2));
    CHECK(cpu.segments[kCs].selector == 8);
    CHECK(cpu.segments[kSs].selector == 0x10);
    f.run({0x48, 0x0F, 0x07});
    CHECK(cpu.cpl == 3);
    CHECK(cpu.rip == Fixture::kCode + 2);
    CHECK(cpu.rflags() == (kIf | kDf | kCf | 2));
    CHECK(cpu.segments[kCs].selector == 0x2B);
    CHECK(cpu.segments[kSs].selector == 0x23);
    CHECK(is_refused(f, {0x48, 0x0F, 0x07}));  // at level 3
    cpu.gpr[kRcx] = std::uint64_t{1} << 47;
    CHECK(is_refused(f, {0x48, 0x0F, 0x07}));  // not canonical
    cpu.gpr[kRcx] = 0x12345678'9ABC;
    f.run({0x0F, 0x07});
    CHECK(cpu.mode().code_bits == 32);
    CHECK(cpu.rip == 0x56789ABC);
    CHECK(cpu.segments[kCs].selector == 0x1B);
}

TEST_CASE("5.8.7: SYSENTER and SYSEXIT") {
    SystemFixture f(32);
    Cpu& cpu = *f.cpu;
    f.set_level(3);
    CHECK(is_refused(f, {0x0F, 0x34}));
    f.set_level(3);
    cpu.msr.sysenter_cs = 8;
    cpu.msr.sysenter_esp = 0x7000;
    cpu.msr.sysenter_eip = 0x6100;
    cpu.rip = Fixture::kCode;
    f.run({0x0F, 0x34});
    CHECK(cpu.cpl == 0);
    CHECK(cpu.rip == 0x6100);
    CHECK(cpu.gpr[kRsp] == 0x7000);
    cpu.gpr[kRcx] = 0x7700;
    cpu.gpr[kRdx] = 0x5500;
    f.run({0x0F, 0x35});
    CHECK(cpu.cpl == 3);
    CHECK(cpu.rip == 0x5500);
    CHECK(cpu.gpr[kRsp] == 0x7700);
    CHECK(cpu.segments[kCs].selector == 0x1B);
}

TEST_CASE("6.15: #AC at level 3 with AM and AC") {
    SystemFixture f(32);
    f.gate(kAlignmentCheck);
    f.cpu->control.cr0 |= kCr0Am;
    f.set_level(3);
    f.cpu->set_rflags(kAc);
    f.run({0xA1, 0x04, 0x00, 0x02, 0x00, 0xA1, 0x02, 0x00, 0x02, 0x00}, 2);
    CHECK(f.cpu->rip == SystemFixture::kHandler);
    CHECK(f.stacked(1) == Fixture::kCode + 5);
}

}  // namespace nyx::soft
