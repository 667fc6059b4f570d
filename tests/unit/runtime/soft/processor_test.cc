// CPUID, MSRs, time, ports, and instructions by feature (Intel SDM volume 2; volume 1, §19.5).
#include <doctest/doctest.h>

#include "runtime/soft/msr.h"
#include "system_fixture.h"

namespace nyx::soft {
namespace {

CpuidLeaf ask(Fixture& f, std::uint32_t leaf, std::uint32_t subleaf = 0) {
    f.cpu->gpr[kRax] = leaf;
    f.cpu->gpr[kRcx] = subleaf;
    f.run({0x0F, 0xA2});
    auto reg = [&](Reg which) { return static_cast<std::uint32_t>(f.cpu->gpr[which]); };
    return {leaf, subleaf, true, reg(kRax), reg(kRbx), reg(kRcx), reg(kRdx)};
}

std::vector<CpuidLeaf> intel() {
    return {{0, 0, false, 7, 0x756E6547, 0x6C65746E, 0x49656E69},
            {1, 0, false, 0x806F8, 0x00010800, 1u << 26, 0x0789FBFF},
            {7, 0, true, 0, 0x21, 0x8, 0},
            {0x80000000, 0, false, 0x80000001, 0, 0, 0},
            {0x80000001, 0, false, 0, 0, 1, 0x2C100800}};
}

}  // namespace

TEST_CASE("CPUID: dynamic bits, and leaves out of range") {
    SystemFixture f(64, intel());
    f.around.apic_msrs[0x1B] = 1u << 11;
    CHECK((ask(f, 1).edx >> 9 & 1) == 1);
    CHECK((ask(f, 1).ecx >> 27 & 1) == 0);
    f.cpu->control.cr4 |= kCr4Osxsave;
    CHECK((ask(f, 1).ecx >> 27 & 1) == 1);
    f.around.apic_msrs[0x1B] = 0;
    CHECK((ask(f, 1).edx >> 9 & 1) == 0);
    CHECK(ask(f, 0x1000).ebx == 0x21);  // the highest basic leaf
    CHECK(ask(f, 5).eax == 0);
    auto amd = intel();
    amd[0].ebx = 0x68747541;
    SystemFixture g(64, amd);
    CHECK(ask(g, 0x1000).ebx == 0);
}

TEST_CASE("instructions of a feature that CPUID lacks are not there") {
    auto raises = [](std::initializer_list<std::uint8_t> code, std::vector<CpuidLeaf> cpuid) {
        SystemFixture f(64, std::move(cpuid));
        f.gate(kInvalidOpcode);
        f.cpu->gpr[kRsi] = Fixture::kData;
        f.run(code);
        return f.cpu->rip == SystemFixture::kHandler;
    };
    auto with_popcnt = intel();
    with_popcnt[1].ecx |= 1u << 23;
    CHECK(raises({0xF3, 0x0F, 0xB8, 0xC1}, intel()));
    CHECK_FALSE(raises({0xF3, 0x0F, 0xB8, 0xC1}, with_popcnt));
    CHECK_FALSE(raises({0xF3, 0x0F, 0xB8, 0xC1}, {}));  // without a table everything is there
    CHECK(raises({0x0F, 0x38, 0xF0, 0x06}, intel()));   // MOVBE
    CHECK(raises({0x0F, 0xC7, 0xF0}, intel()));         // RDRAND
    CHECK(raises({0x0F, 0x01, 0xCB}, intel()));         // STAC
    CHECK(raises({0x0F, 0x0B}, intel()));               // UD2
    CHECK(raises({0x0F, 0xAA}, intel()));               // RSM outside of SMM
    CHECK(raises({0x0F, 0x01, 0xC1}, intel()));         // VMCALL
    CHECK(raises({0x0F, 0x01, 0xC8}, {}));              // MONITOR
    // Without LZCNT its encoding is BSR, whose prefix does not matter.
    SystemFixture f(64, intel());
    f.cpu->gpr[kRcx] = 0x100;
    f.run({0xF3, 0x48, 0x0F, 0xBD, 0xC1});
    CHECK(f.cpu->gpr[kRax] == 8);
}

TEST_CASE("RDMSR and WRMSR") {
    SystemFixture f(64);
    Cpu& cpu = *f.cpu;
    f.gate(kGeneralProtection);
    cpu.gpr[kRcx] = 0xC0000101;
    cpu.gpr[kRax] = 0x89ABCDEF;
    cpu.gpr[kRdx] = 0x00001234;
    f.run({0x0F, 0x30});
    CHECK(cpu.segments[kGs].base == 0x1234'89ABCDEF);
    cpu.gpr[kRdx] = 0x00008000;
    f.run({0x0F, 0x30});
    CHECK(cpu.rip == SystemFixture::kHandler);
    CHECK(write_msr(cpu, 0x277, 0x0007040600070406));
    CHECK_FALSE(write_msr(cpu, 0x277, 2));
    CHECK_FALSE(write_msr(cpu, 0xC0000080, 1u << 1));
    CHECK(read_msr(cpu, 0xFE) == 0x508);
    CHECK(write_msr(cpu, 0x2FF, 0xC06));
    CHECK_FALSE(write_msr(cpu, 0x2FF, 0xC02));
    CHECK(write_msr(cpu, 0x250, 0x0606060606060606));
    CHECK_FALSE(write_msr(cpu, 0x201, 1));
    CHECK_FALSE(write_msr(cpu, 0x400, 0));
    CHECK_FALSE(read_msr(cpu, 0x12345678).has_value());
    CHECK(write_msr(cpu, 0x1B, 0xFEE00900));
    CHECK(f.around.apic_msrs[0x1B] == 0xFEE00900);
    f.set_level(3);
    cpu.rip = Fixture::kCode;
    f.run({0x0F, 0x32});
    CHECK(cpu.rip == SystemFixture::kHandler);
}

TEST_CASE("17.17: TSC, TSC_ADJUST, TSC_AUX, CR4.TSD") {
    SystemFixture f(64);
    Cpu& cpu = *f.cpu;
    f.around.ticks = 1000;
    CHECK(write_msr(cpu, 0x10, 5000));
    CHECK(read_msr(cpu, 0x3B) == 4000);
    CHECK(write_msr(cpu, 0x3B, 1));
    CHECK(cpu.tsc() == 1001);
    CHECK(write_msr(cpu, 0xC0000103, 7));
    f.run({0x0F, 0x01, 0xF9});
    CHECK(cpu.gpr[kRax] == 1001);
    CHECK(cpu.gpr[kRcx] == 7);
    f.gate(kGeneralProtection);
    cpu.control.cr4 |= kCr4Tsd;
    f.set_level(3);
    f.run({0x0F, 0x31});
    CHECK(cpu.rip == SystemFixture::kHandler);
}

TEST_CASE("the instruction count is exact when the outside looks") {
    SystemFixture f(32);
    struct Watching : FakeSurroundings {
        Cpu* cpu = nullptr;
        std::uint64_t seen = 0;
        void write_port(std::uint16_t, std::span<const std::uint8_t>) override { seen = cpu->instructions; }
        void write_mmio(std::uint64_t, std::span<const std::uint8_t>) override { seen = cpu->instructions; }
    } around;
    Cpu cpu(f.memory, around, {}, 0);
    around.cpu = &cpu;
    cpu.segments[kCs].base = 0;
    cpu.rip = Fixture::kCode;
    // nop; nop; out 0x80, al; nop; mov [ds:0], al with DS beyond the memory; nop
    f.put(Fixture::kCode, {0x90, 0x90, 0xE6, 0x80, 0x90, 0xA2, 0x00, 0x00, 0x90});
    cpu.segments[kDs].base = 0x200000;
    cpu.run(3);
    CHECK(around.seen == 2);
    CHECK(cpu.instructions == 3);
    cpu.run(2);
    CHECK(around.seen == 4);
}

TEST_CASE("a fault in REP OUTS leaves the registers at the element that faulted") {
    SystemFixture g(32);
    g.gate(kGeneralProtection);
    g.cpu->segments[kDs].limit = Fixture::kData + 2;
    g.cpu->segments[kDs].access &= static_cast<std::uint16_t>(~Segment::kG);
    g.cpu->mode_changed();
    g.cpu->gpr[kRcx] = 10;
    g.cpu->gpr[kRsi] = Fixture::kData;
    g.run({0xF3, 0x6E});
    CHECK(g.cpu->rip == SystemFixture::kHandler);
    CHECK(g.cpu->gpr[kRcx] == 7);
    CHECK(g.cpu->gpr[kRsi] == Fixture::kData + 3);
}

}  // namespace nyx::soft
