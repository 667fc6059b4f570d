// Single step and the debug registers (Intel SDM volume 3, chapter 17).
#include <doctest/doctest.h>

#include "system_fixture.h"

namespace nyx::soft {
namespace {

constexpr std::uint64_t kBs = kDr6Bs, kBd = kDr6Bd;
enum Condition : std::uint64_t { kExecute = 0, kWrite = 1, kPort = 2, kReadWrite = 3 };

struct Debugged : SystemFixture {
    explicit Debugged(unsigned bits = 32) : SystemFixture(bits) { gate(1); }
    // DR0, enabled by G0. bytes: 1, 2, 4, 8.
    void watch(std::uint64_t address, Condition condition, std::uint64_t bytes) {
        std::uint64_t length = bytes == 8 ? 2 : bytes - 1;
        cpu->control.dr[0] = address;
        cpu->control.dr7 = 0x400 | 2 | condition << 16 | length << 18;
        cpu->breakpoints_changed();
    }
    // Returns from the handler as IRET would.
    bool stopped_at(std::uint64_t rip, std::uint64_t dr6) {
        bool ok = cpu->rip == kHandler && stacked(0) == rip && (cpu->control.dr6 & 0xE00F) == dr6;
        cpu->control.dr6 = 0xFFFF0FF0;
        return ok;
    }
    void leave() {
        put(kHandler, {0xCF});
        memory.wrote({kHandler, 1});
        cpu->run(1);
    }
};

}  // namespace

TEST_CASE("17.3.1.4: TF traps after each instruction, with TF on the stack and not in the handler") {
    Debugged f;
    f.cpu->set_rflags(kTf);
    f.run({0x40, 0x40, 0x40}, 1);
    CHECK(f.cpu->gpr[kRax] == 1);
    CHECK((f.stacked(2) & (kTf | kRf)) == kTf);
    CHECK((f.cpu->rflags() & kTf) == 0);
    CHECK(f.stopped_at(Fixture::kCode + 1, kBs));
    f.leave();
    CHECK((f.cpu->rflags() & kTf) != 0);
    f.cpu->run(1);
    CHECK(f.stopped_at(Fixture::kCode + 2, kBs));
}

TEST_CASE("17.3.1.4: the instruction that sets TF does not trap, and the one that clears it does") {
    Debugged f;
    f.set_at<std::uint32_t>(Fixture::kStack, kTf | 2);
    f.set_at<std::uint32_t>(Fixture::kStack + 4, 2);
    f.run({0x9D, 0x9D, 0x40}, 1);
    CHECK(f.cpu->rip == Fixture::kCode + 1);
    f.cpu->run(1);
    CHECK(f.stopped_at(Fixture::kCode + 2, kBs));
    CHECK((f.stacked(2) & kTf) == 0);
}

TEST_CASE("6.8.3: MOV SS puts the trap off until the next instruction is done") {
    Debugged f;
    f.cpu->gpr[kRax] = SystemFixture::kData0;
    f.cpu->set_rflags(kTf);
    f.run({0x8E, 0xD0, 0x43, 0x43}, 2);
    CHECK(f.cpu->gpr[kRbx] == 1);
    CHECK(f.stopped_at(Fixture::kCode + 3, kBs));
}

TEST_CASE("17.3.1.4: INT n does not trap behind itself, SYSCALL traps by the flags it leaves") {
    Debugged f;
    f.gate(0x80, SystemFixture::kHandler + 8);
    f.cpu->set_rflags(kTf);
    f.run({0xCD, 0x80});
    CHECK(f.cpu->rip == SystemFixture::kHandler + 8);
    Debugged g(64);
    g.cpu->control.efer |= kEferSce;
    g.cpu->msr.star = std::uint64_t{8} << 32;
    g.cpu->msr.lstar = 0x7000;
    g.cpu->msr.sfmask = kTf;
    g.cpu->set_rflags(kTf);
    g.run({0x0F, 0x05});
    CHECK(g.cpu->rip == 0x7000);
}

TEST_CASE("17.3.1.4: REP traps after each element") {
    Debugged f;
    f.cpu->gpr[kRcx] = 3;
    f.cpu->gpr[kRdi] = Fixture::kData;
    f.cpu->gpr[kRax] = 0x55;
    f.cpu->set_rflags(kTf);
    f.run({0xF3, 0xAA});
    CHECK(f.cpu->gpr[kRcx] == 2);
    CHECK(f.stopped_at(Fixture::kCode, kBs));
    f.leave();
    f.cpu->run(1);
    CHECK(f.cpu->gpr[kRcx] == 1);
    CHECK(f.stopped_at(Fixture::kCode, kBs));
    f.leave();
    f.cpu->run(1);
    CHECK(f.stopped_at(Fixture::kCode + 2, kBs));
}

TEST_CASE("17.3.1.1: an instruction breakpoint is a fault, and RF lets the instruction through") {
    Debugged f;
    f.watch(Fixture::kCode + 1, kExecute, 1);
    f.run({0x40, 0x43, 0x43}, 2);
    CHECK(f.cpu->gpr[kRax] == 1);
    CHECK(f.cpu->gpr[kRbx] == 0);
    CHECK((f.stacked(2) & kRf) == 0);
    f.set_at<std::uint32_t>(f.cpu->gpr[kRsp] + 8, kRf | 2);
    CHECK(f.stopped_at(Fixture::kCode + 1, 1));
    f.leave();
    f.cpu->run(2);
    CHECK(f.cpu->gpr[kRbx] == 2);
    CHECK((f.cpu->rflags() & kRf) == 0);
    f.cpu->rip = Fixture::kCode + 1;
    f.cpu->run(1);
    CHECK(f.stopped_at(Fixture::kCode + 1, 1));
}

TEST_CASE("17.3.1.2: data breakpoints trap behind the access, within a block too") {
    Debugged f;
    f.watch(Fixture::kData + 4, kWrite, 4);
    // mov eax, [kData+4]; mov [kData], eax; inc ebx; mov [kData+7], al; inc ebx
    f.run({0xA1, 4, 0, 2, 0, 0xA3, 0, 0, 2, 0, 0x43, 0xA2, 7, 0, 2, 0, 0x43}, 4);
    CHECK(f.cpu->gpr[kRbx] == 1);
    CHECK(f.cpu->instructions == 4);
    CHECK(f.stopped_at(Fixture::kCode + 16, 1));
    Debugged g;
    g.watch(Fixture::kData + 4, kReadWrite, 4);
    g.run({0x43, 0xA1, 4, 0, 2, 0, 0x43}, 2);
    CHECK(g.stopped_at(Fixture::kCode + 6, 1));
    // Without the breakpoint it is as fast and as silent as before.
    g.cpu->control.dr7 = 0x400;
    g.cpu->breakpoints_changed();
    g.cpu->rip = Fixture::kCode;
    g.cpu->run(3);
    CHECK(g.cpu->rip == Fixture::kCode + 7);
}

TEST_CASE("17.3.1.2: a breakpoint in what REP MOVS writes") {
    Debugged f;
    f.watch(Fixture::kData + 0x102, kWrite, 1);
    f.cpu->gpr[kRsi] = Fixture::kData;
    f.cpu->gpr[kRdi] = Fixture::kData + 0x100;
    f.cpu->gpr[kRcx] = 10;
    f.run({0xF3, 0xA4});
    CHECK(f.cpu->gpr[kRcx] == 7);
    CHECK(f.stopped_at(Fixture::kCode, 1));
    f.leave();
    f.cpu->run(1);
    CHECK(f.cpu->gpr[kRcx] == 0);
    CHECK(f.cpu->rip == Fixture::kCode + 2);
}

TEST_CASE("17.2.4: I/O breakpoints need CR4.DE") {
    Debugged f;
    f.cpu->control.cr4 |= kCr4De;
    f.watch(0x80, kPort, 1);
    f.run({0x40, 0xE6, 0x80, 0x40}, 2);
    CHECK(f.stopped_at(Fixture::kCode + 3, 1));
    CHECK(f.around.ports.contains(0x80));
}

TEST_CASE("17.2: MOV DR, with GD, and DR4 as another name of DR6") {
    Debugged f;
    f.gate(kInvalidOpcode, SystemFixture::kHandler + 8);
    f.cpu->gpr[kRax] = 0x12345;
    f.run({0x0F, 0x23, 0xD8, 0x0F, 0x21, 0xDB, 0x0F, 0x21, 0xE1}, 3);  // mov dr3, eax; mov ebx, dr3; mov ecx, dr4
    CHECK(f.cpu->gpr[kRbx] == 0x12345);
    CHECK(f.cpu->gpr[kRcx] == 0xFFFF0FF0);
    f.cpu->gpr[kRax] = kDr7Gd;
    f.run({0x0F, 0x23, 0xF8, 0x0F, 0x21, 0xFB}, 2);
    CHECK(f.stopped_at(Fixture::kCode + 9 + 3, kBd));
    CHECK((f.cpu->control.dr7 & kDr7Gd) == 0);
    f.cpu->control.cr4 |= kCr4De;
    f.run({0x0F, 0x21, 0xE1});
    CHECK(f.cpu->rip == SystemFixture::kHandler + 8);
}

TEST_CASE("17.3.2: INT3 and INT1") {
    Debugged f;
    f.gate(3, SystemFixture::kHandler + 3, SystemFixture::kTrap, 3);
    f.set_level(3);
    f.run({0xCC});
    CHECK(f.cpu->rip == SystemFixture::kHandler + 3);
    CHECK(f.stacked(0) == Fixture::kCode + 1);
    Debugged g;
    g.set_level(3);
    g.run({0xF1});  // no look at the gate's privilege
    CHECK(g.stopped_at(Fixture::kCode + 1, 0));
}

}  // namespace nyx::soft
