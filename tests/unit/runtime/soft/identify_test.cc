// CPUID, counters and random numbers (SDM volume 2).
#include "trial.h"

namespace nyx::soft {
namespace {

constexpr std::uint32_t kGenu = 0x756E6547, kAuth = 0x68747541;

std::vector<CpuidLeaf> table(std::uint32_t vendor) {
    return {{0, 0, false, 0xD, vendor, 0, 0},
            {1, 0, false, 0xA20F10, 0x00080800, 1u << 26 | 1u << 30, 0x0788'A3FF},
            {7, 0, true, 0, 1, 0, 0},
            {0xB, 0, true, 0, 1, 0x100, 0},
            {0xD, 0, true, 7, 0, 832, 0},
            {0xD, 1, true, 1, 0, 0, 0},
            {0xD, 2, true, 256, 576, 0, 0},
            {0x80000000, 0, false, 0x80000008, 0, 0, 0},
            {0x80000001, 0, false, 0, 0, 0, 1u << 27 | 1u << 29},
            {0x80000008, 0, false, 0x3030, 0, 0, 0}};
}

struct Identify : Trial {
    explicit Identify(std::uint32_t vendor) : Trial(64, table(vendor)) {}
    CpuidLeaf ask(std::uint32_t leaf, std::uint32_t subleaf = 0) {
        for (Reg reg : {kRax, kRbx, kRcx, kRdx}) cpu->gpr[reg] = ~0ull;
        cpu->gpr[kRax] = leaf | std::uint64_t{0xDEAD} << 32;
        cpu->gpr[kRcx] = subleaf;
        CHECK(does({0x0F, 0xA2}));
        for (Reg reg : {kRax, kRbx, kRcx, kRdx}) CHECK((cpu->gpr[reg] >> 32) == 0);
        auto of = [&](Reg reg) { return static_cast<std::uint32_t>(cpu->gpr[reg]); };
        return {leaf, subleaf, false, of(kRax), of(kRbx), of(kRcx), of(kRdx)};
    }
};

}  // namespace

TEST_CASE("CPUID gives the table, and the bits that follow the state") {
    Identify t(kAuth);
    CHECK(t.ask(0).ebx == kAuth);
    CHECK(((t.ask(1).ecx >> 27) & 1) == 0);
    t.cpu->control.cr4 |= kCr4Osxsave;
    CHECK(((t.ask(1).ecx >> 27) & 1) == 1);
    t.around.apic_msrs[0x1B] = 0xFEE00000;
    CHECK(((t.ask(1).edx >> 9) & 1) == 0);
    t.around.apic_msrs[0x1B] = 0xFEE00800;
    CHECK(((t.ask(1).edx >> 9) & 1) == 1);
    CHECK(t.ask(1).ebx == 0x00080800);
}

TEST_CASE("the save area grows with what XCR0 enables") {
    Identify t(kAuth);
    CHECK(t.ask(0xD, 0).ebx == 576);
    t.cpu->control.xcr0 = 7;
    CHECK(t.ask(0xD, 0).ebx == 832);
    CHECK(t.ask(0xD, 0).ecx == 832);
}

TEST_CASE("a leaf that is not there: the highest basic one on Intel's, nothing on AMD's") {
    Identify intel(kGenu);
    intel.cpu->control.xcr0 = 7;
    for (std::uint32_t leaf : {0x20u, 0x40000000u, 0x80000009u}) {
        CAPTURE(leaf);
        CHECK(intel.ask(leaf, 2).eax == 256);  // of leaf 0xD, subleaf 2
    }
    CHECK(intel.ask(5).eax == 0);     // within the range: reserved
    CHECK(intel.ask(7, 1).eax == 0);  // a subleaf that is not there
    Identify amd(kAuth);
    CHECK(amd.ask(0x20, 0).eax == 0);
    CHECK(amd.ask(0x80000009).edx == 0);
}

TEST_CASE("a level of the topology that does not exist still names the level and the CPU") {
    Identify t(kGenu);
    CpuidLeaf level = t.ask(0xB, 3);
    CHECK(level.eax == 0);
    CHECK(level.ebx == 0);
    CHECK(level.ecx == 3);
    CHECK(level.edx == t.cpu->index);
}

TEST_CASE("RDTSC and RDTSCP give the time, unless CR4.TSD keeps it from programs") {
    Trial t;
    t.around.ticks = 0x123456789ABCDEF0;
    t.cpu->msr.tsc_offset = 1;
    t.cpu->msr.tsc_aux = 7;
    CHECK(t.does({0x0F, 0x31}));
    CHECK(t.cpu->gpr[kRdx] == 0x12345678);
    CHECK(t.cpu->gpr[kRax] == 0x9ABCDEF1);
    t.cpu->control.cr4 |= kCr4Tsd;
    CHECK(t.does({0x0F, 0x01, 0xF9}));
    CHECK(t.cpu->gpr[kRcx] == 7);
    t.cpu->set_cpl(3);
    CHECK(t.faults({0x0F, 0x31}, kGeneralProtection));
    CHECK(t.faults({0x0F, 0x01, 0xF9}, kGeneralProtection));
    CHECK(t.does({0xF3, 0x0F, 0xC7, 0xF8}));  // rdpid rax
    CHECK(t.cpu->gpr[kRax] == 7);
}

TEST_CASE("there are no performance counters") {
    Trial t;
    CHECK(t.faults({0x0F, 0x33}, kGeneralProtection));
}

TEST_CASE("RDRAND and RDSEED give a value of their width, and CF alone") {
    Trial t;
    t.cpu->set_rflags(kArithmeticFlags & ~kCf);
    t.cpu->gpr[kRax] = 0x1111111111111111;
    CHECK(t.does({0x66, 0x0F, 0xC7, 0xF0}));  // rdrand ax
    CHECK((t.cpu->gpr[kRax] >> 16) == 0x111111111111);
    CHECK(t.cpu->rflags() == (kCf | 2));
    CHECK(t.does({0x48, 0x0F, 0xC7, 0xF8}));  // rdseed rax
    const std::uint64_t first = t.cpu->gpr[kRax];
    CHECK(t.does({0x48, 0x0F, 0xC7, 0xF8}));
    CHECK(t.cpu->gpr[kRax] != first);
    CHECK(t.does({0x0F, 0xC7, 0xF0}));  // rdrand eax
    CHECK((t.cpu->gpr[kRax] >> 32) == 0);
}

TEST_CASE("hints, fences and cache lines have no effect but their faults") {
    Trial t;
    t.cpu->gpr[kRbx] = Fixture::kData;
    const auto registers = t.cpu->gpr;
    CHECK(t.does({0x0F, 0xAE, 0xE8}));              // lfence
    CHECK(t.does({0x0F, 0xAE, 0xF0}));              // mfence
    CHECK(t.does({0x0F, 0xAE, 0xF8}));              // sfence
    CHECK(t.does({0xF3, 0x90}));                    // pause
    CHECK(t.does({0x0F, 0x18, 0x0B}));              // prefetcht0 [rbx]
    CHECK(t.does({0x0F, 0x0D, 0x0B}));              // prefetchw [rbx]
    CHECK(t.does({0xF3, 0x0F, 0x1E, 0xFA}));        // endbr64
    CHECK(t.does({0xF3, 0x48, 0x0F, 0x1E, 0xC8}));  // rdsspq rax: a NOP without shadow stacks
    CHECK(t.does({0x0F, 0x1F, 0x40, 0x00}));        // nop [rax]
    CHECK(t.does({0x66, 0x90}));
    CHECK(t.does({0x0F, 0x09}));              // wbinvd
    CHECK(t.does({0xF3, 0x0F, 0x09}));        // wbnoinvd
    CHECK(t.does({0x0F, 0xAE, 0x3B}));        // clflush [rbx]
    CHECK(t.does({0x66, 0x0F, 0xAE, 0x3B}));  // clflushopt
    CHECK(t.does({0x66, 0x0F, 0xAE, 0x33}));  // clwb
    CHECK(t.cpu->gpr == registers);
    t.cpu->gpr[kRbx] = std::uint64_t{1} << 60;
    CHECK(t.does({0x0F, 0x18, 0x0B}));
    CHECK(t.faults({0x0F, 0xAE, 0x3B}, kGeneralProtection));
    CHECK(t.faults({0x0F, 0x0B}, kInvalidOpcode));  // ud2
}

}  // namespace nyx::soft
