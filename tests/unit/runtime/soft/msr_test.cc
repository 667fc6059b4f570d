// RDMSR and WRMSR (SDM volume 2; volume 3, §11.11, §11.12, §17.17; volume 4).
#include "trial.h"

namespace nyx::soft {
namespace {

constexpr std::uint32_t kGenu = 0x756E6547, kAuth = 0x68747541;
constexpr std::uint64_t kNotCanonical = 0x0000800000000000;

// An x86-64 with NX, RDTSCP and nothing that is newer.
std::vector<CpuidLeaf> table(std::uint32_t vendor) {
    return {{0, 0, false, 7, vendor, 0, 0},
            {7, 0, true, 0, 0, 0, 0},
            {0x80000000, 0, false, 0x80000008, 0, 0, 0},
            {0x80000001, 0, false, 0, 0, 0, 1u << 11 | 1u << 20 | 1u << 27 | 1u << 29},
            {0x80000008, 0, false, 0x3028, 0, 0, 0}};
}

struct Msrs : Trial {
    explicit Msrs(std::uint32_t vendor = kGenu) : Trial(64, table(vendor)) {}
    bool write(std::uint32_t number, std::uint64_t value) {
        cpu->gpr[kRcx] = number | std::uint64_t{0xABCD} << 32;
        cpu->gpr[kRax] = value & 0xFFFFFFFF;
        cpu->gpr[kRdx] = value >> 32;
        if (does({0x0F, 0x30})) return true;
        CHECK(raised->vector == kGeneralProtection);
        return false;
    }
    std::optional<std::uint64_t> read(std::uint32_t number) {
        cpu->gpr[kRcx] = number;
        cpu->gpr[kRax] = cpu->gpr[kRdx] = ~0ull;
        if (!does({0x0F, 0x32})) {
            CHECK(raised->vector == kGeneralProtection);
            return std::nullopt;
        }
        CHECK((cpu->gpr[kRax] >> 32) == 0);
        return cpu->gpr[kRdx] << 32 | cpu->gpr[kRax];
    }
    bool keeps(std::uint32_t number, std::uint64_t value) { return write(number, value) && read(number) == value; }
};

}  // namespace

TEST_CASE("MSRs are for CPL 0, and one that is not there is a general-protection fault") {
    Msrs t;
    CHECK_FALSE(t.write(0x12345, 0));
    CHECK_FALSE(t.read(0xC0012345));
    t.cpu->set_cpl(3);
    CHECK(t.faults({0x0F, 0x32}, kGeneralProtection));
    CHECK(t.faults({0x0F, 0x30}, kGeneralProtection));
}

TEST_CASE("EFER has the bits of CPUID, LMA is not for writing, LME not while paging") {
    Msrs t;
    t.cpu->control.efer = 0;
    CHECK(t.keeps(0xC0000080, kEferSce | kEferLme | kEferNxe));
    CHECK(t.write(0xC0000080, kEferLma));
    CHECK(t.read(0xC0000080) == 0);
    CHECK_FALSE(t.write(0xC0000080, 1u << 12));
    // Paging, each address itself.
    for (std::uint64_t at : {0x40000u, 0x41000u}) t.set_at<std::uint64_t>(at, at + 0x1003);
    t.set_at<std::uint64_t>(0x42000, 0x83);
    t.cpu->control.cr3 = 0x40000;
    t.cpu->control.cr4 = kCr4Pae;
    t.cpu->control.efer = kEferLme | kEferLma;
    t.cpu->control.cr0 |= kCr0Pg;
    CHECK(t.write(0xC0000080, kEferLme | kEferSce));
    CHECK(t.read(0xC0000080) == (kEferLme | kEferLma | kEferSce));
    CHECK_FALSE(t.write(0xC0000080, kEferSce));
}

TEST_CASE("what holds a linear address takes canonical ones only") {
    Msrs t;
    for (std::uint32_t number : {0xC0000082u, 0xC0000083u, 0xC0000100u, 0xC0000101u, 0xC0000102u, 0x175u, 0x176u}) {
        CAPTURE(number);
        CHECK(t.keeps(number, 0xFFFF800000001234));
        CHECK_FALSE(t.write(number, kNotCanonical));
        CHECK(t.read(number) == 0xFFFF800000001234);
    }
    CHECK(t.cpu->segments[kFs].base == 0xFFFF800000001234);
    CHECK(t.cpu->msr.lstar == 0xFFFF800000001234);
    CHECK(t.keeps(0xC0000081, 0x0023001000000000));  // STAR
    CHECK(t.keeps(0xC0000084, 0x47700));             // SFMASK
    CHECK(t.keeps(0x174, 0x10));                     // SYSENTER_CS
}

TEST_CASE("PAT and MTRRs hold memory types") {
    Msrs t;
    CHECK(t.read(0x277) == 0x0007040600070406);
    CHECK(t.keeps(0x277, 0x0407050600070106));
    CHECK_FALSE(t.write(0x277, 0x0007040600070402));
    CHECK_FALSE(t.write(0x277, 0x0807040600070406));
    REQUIRE(t.read(0xFE));
    CHECK((*t.read(0xFE) & 0xFF) == 8);
    CHECK(t.keeps(0x2FF, 0xC06));
    CHECK_FALSE(t.write(0x2FF, 0xC07));
    CHECK_FALSE(t.write(0x2FF, 0x1006));
    CHECK(t.keeps(0x250, 0x0606060606060606));
    CHECK(t.keeps(0x259, 0x0001040506000104));
    CHECK(t.keeps(0x26F, 0x0505050505050505));
    CHECK_FALSE(t.write(0x250, 0x0606060606060607));
    CHECK(t.keeps(0x200, 0xC0000000));
    CHECK(t.keeps(0x201, 0xFFC0000800));
    CHECK(t.keeps(0x20F, 0xFF00000800));
    CHECK_FALSE(t.write(0x201, 0x1FFC0000800));  // beyond 40 bits
    CHECK_FALSE(t.write(0x200, 0xC0000100));
    CHECK_FALSE(t.read(0x210));
}

TEST_CASE("the TSC can be set, and TSC_ADJUST tells by how much it was moved") {
    std::vector<CpuidLeaf> leaves = table(kGenu);
    leaves[1].ebx = 1 << 1;
    Trial t(64, leaves);
    t.around.ticks = 1000;
    auto write = [&](std::uint32_t number, std::uint64_t value) {
        t.cpu->gpr[kRcx] = number;
        t.cpu->gpr[kRax] = value & 0xFFFFFFFF;
        t.cpu->gpr[kRdx] = value >> 32;
        return t.does({0x0F, 0x30});
    };
    auto read = [&](std::uint32_t number) {
        t.cpu->gpr[kRcx] = number;
        CHECK(t.does({0x0F, 0x32}));
        return t.cpu->gpr[kRdx] << 32 | t.cpu->gpr[kRax];
    };
    CHECK(write(0x10, 5000));
    CHECK(read(0x10) == 5000);
    CHECK(read(0x3B) == 4000);
    CHECK(write(0x3B, static_cast<std::uint64_t>(-300)));
    CHECK(read(0x10) == 700);
    t.around.ticks = 1500;
    CHECK(read(0x10) == 1200);

    Msrs without;
    CHECK_FALSE(without.read(0x3B));
    CHECK(without.keeps(0xC0000103, 5));  // TSC_AUX
    CHECK_FALSE(without.write(0xC0000103, std::uint64_t{1} << 32));
}

TEST_CASE("the local APIC has its MSRs elsewhere") {
    Msrs t;
    for (std::uint32_t number : {0x1Bu, 0x6E0u, 0x808u, 0x83Fu}) {
        CAPTURE(number);
        CHECK(t.write(number, 0x900 + number));
        CHECK(t.around.apic_msrs[number] == 0x900 + number);
        CHECK(t.read(number) == 0x900 + number);
    }
    t.around.has_apic = false;
    CHECK_FALSE(t.read(0x802));
    CHECK_FALSE(t.write(0x80B, 0));
}

TEST_CASE("what kernels read of every processor of a vendor is there") {
    Msrs intel;
    for (std::uint32_t number : {0x17u, 0x8Bu, 0xCEu, 0x179u, 0x17Au, 0x1A0u, 0x1D9u, 0x3Au}) {
        CAPTURE(number);
        CHECK(intel.read(number));
    }
    CHECK(intel.read(0x179) == 0);
    CHECK_FALSE(intel.read(0x10A));  // ARCH_CAPABILITIES: CPUID does not say
    CHECK_FALSE(intel.read(0x48));
    CHECK_FALSE(intel.read(0xC0010015));
    Msrs amd(kAuth);
    for (std::uint32_t number : {0x8Bu, 0xC0010015u, 0xC0010010u, 0xC001001Fu, 0xC0011029u, 0xC0010140u, 0xC0010141u}) {
        CAPTURE(number);
        CHECK(amd.read(number));
    }
    CHECK((amd.read(0xC0010015).value_or(0) >> 24) == 1);  // the TSC runs at P0
    CHECK((amd.read(0xC0011029).value_or(0) & 2) == 2);    // LFENCE serialises
    CHECK(amd.write(0xC0011029, 2));
    CHECK_FALSE(amd.read(0x3A));
}

}  // namespace nyx::soft
