// MOV CRn and DRn, LMSW, SMSW, CLTS, INVPCID (SDM volume 2; volume 3, §2.5, §4.1, §9.8.5, §17.2).
#include "trial.h"

namespace nyx::soft {
namespace {

constexpr std::uint64_t kBit63 = std::uint64_t{1} << 63;

struct Control : Trial {
    explicit Control(unsigned code_bits = 64, std::vector<CpuidLeaf> cpuid = {}) : Trial(code_bits, std::move(cpuid)) {}
    // mov crN, rax
    bool sets(std::uint8_t number, std::uint64_t value) {
        cpu->gpr[kRax] = value;
        return does({0x0F, 0x22, static_cast<std::uint8_t>(0xC0 | number << 3)});
    }
    bool refuses(std::uint8_t number, std::uint64_t value) {
        const ControlRegisters before = cpu->control;
        cpu->gpr[kRax] = value;
        return faults({0x0F, 0x22, static_cast<std::uint8_t>(0xC0 | number << 3)}, kGeneralProtection) &&
               cpu->control.cr0 == before.cr0 && cpu->control.cr3 == before.cr3 && cpu->control.cr4 == before.cr4 &&
               cpu->control.efer == before.efer;
    }
    // Page tables for the first 2 MiB, each address itself: of 4 levels, and of PAE at +0x4000.
    static constexpr std::uint64_t kTables = 0x40000;
    void make_tables() {
        for (std::uint64_t i = 0; i < 2; ++i)
            set_at<std::uint64_t>(kTables + i * 0x1000, kTables + (i + 1) * 0x1000 + 3);
        set_at<std::uint64_t>(kTables + 0x2000, 0x83);
        set_at<std::uint64_t>(kTables + 0x4000, kTables + 0x2001);
        for (std::uint64_t i = 1; i < 4; ++i) set_at<std::uint64_t>(kTables + 0x4000 + i * 8, 0);
    }
};

}  // namespace

TEST_CASE("CR0 refuses what contradicts itself") {
    Control t(32);
    CHECK(t.refuses(0, kCr0Pg));           // paging without protection
    CHECK(t.refuses(0, kCr0Pe | kCr0Nw));  // not write-through without no caching
    CHECK(t.sets(0, kCr0Pe | kCr0Nw | kCr0Cd));
    CHECK(t.sets(0, kCr0Pe | 0x1FF80));  // reserved bits do not stick, ET always does
    CHECK(t.cpu->control.cr0 == (kCr0Pe | kCr0Et | kCr0Wp));
    Control wide;
    CHECK(wide.refuses(0, wide.cpu->control.cr0 | std::uint64_t{1} << 32));
}

TEST_CASE("control registers are for CPL 0, and only five of them exist") {
    Control t;
    t.cpu->set_cpl(3);
    for (unsigned number : {0u, 2u, 3u, 4u})
        CHECK(t.faults({0x0F, 0x20, static_cast<std::uint8_t>(0xC0 | number << 3)}, kGeneralProtection));
    CHECK(t.faults({0x0F, 0x06}, kGeneralProtection));                    // clts
    CHECK(t.faults({0x0F, 0x01, 0xF0}, kGeneralProtection));              // lmsw ax
    CHECK(t.faults({0x0F, 0x01, 0x38}, kGeneralProtection));              // invlpg [rax]
    CHECK(t.faults({0x0F, 0x09}, kGeneralProtection));                    // wbinvd
    CHECK(t.faults({0x0F, 0x08}, kGeneralProtection));                    // invd
    CHECK(t.faults({0x0F, 0x21, 0xC0}, kGeneralProtection));              // mov rax, dr0
    CHECK(t.faults({0x66, 0x0F, 0x38, 0x82, 0x00}, kGeneralProtection));  // invpcid rax, [rax]
    t.cpu->set_cpl(0);
    CHECK(t.faults({0x0F, 0x20, 0xC8}, kInvalidOpcode));        // cr1
    CHECK(t.faults({0x0F, 0x22, 0xE8}, kInvalidOpcode));        // cr5
    CHECK(t.faults({0x44, 0x0F, 0x20, 0xC8}, kInvalidOpcode));  // cr9
}

TEST_CASE("paging with LME set enters long mode, and only from where the manual says") {
    Control t(32);
    t.make_tables();
    t.cpu->control.efer = kEferLme;
    t.cpu->control.cr3 = Control::kTables;
    const std::uint64_t on = kCr0Pe | kCr0Pg | kCr0Et;
    CHECK(t.refuses(0, on));  // without PAE
    CHECK(t.sets(4, kCr4Pae));
    t.cpu->segments[kTr].access = Segment::kPresent | 3;  // a 16-bit TSS
    CHECK(t.refuses(0, on));
    t.cpu->segments[kTr].access = Segment::kPresent | 0xB;
    CHECK(t.sets(0, on));
    CHECK(t.cpu->control.efer == (kEferLme | kEferLma));
    CHECK(t.cpu->mode().code_bits == 32);
    CHECK(t.refuses(4, 0));  // PAE cannot go
    t.cpu->control.cr4 |= kCr4Pcide;
    CHECK(t.refuses(0, kCr0Pe));  // not with PCIDs
    t.cpu->control.cr4 &= ~kCr4Pcide;
    CHECK(t.sets(0, kCr0Pe));  // from compatibility mode
    CHECK(t.cpu->control.efer == kEferLme);

    t.cpu->segments[kCs].access = static_cast<std::uint16_t>(t.cpu->segments[kCs].access | Segment::kL);
    CHECK(t.refuses(0, on));  // CS.L must not be set yet
}

TEST_CASE("64-bit code cannot switch paging off") {
    Control t;
    t.make_tables();
    t.cpu->control.cr3 = Control::kTables;
    t.cpu->control.cr4 = kCr4Pae;
    t.cpu->control.cr0 = kCr0Pe | kCr0Pg | kCr0Et;
    CHECK(t.refuses(0, kCr0Pe));
    CHECK(t.refuses(4, 0));
}

TEST_CASE("PAE paging loads its four pointers when CR0, CR3 or CR4 asks for it, and refuses bad ones") {
    Control t(32);
    t.make_tables();
    t.cpu->control.cr3 = Control::kTables + 0x4000;
    CHECK(t.sets(4, kCr4Pae));
    t.set_at<std::uint64_t>(Control::kTables + 0x4008, 0x1E7);  // reserved bits of a present pointer
    CHECK(t.refuses(0, kCr0Pe | kCr0Pg));
    t.set_at<std::uint64_t>(Control::kTables + 0x4008, 0x1E6);  // of one that is not present
    CHECK(t.sets(0, kCr0Pe | kCr0Pg));
    CHECK(t.cpu->control.page_pointers[0] == Control::kTables + 0x2001);
    // Memory changes, the registers do not, until CR3 is written.
    t.set_at<std::uint64_t>(Control::kTables + 0x4008, 0x7001);
    CHECK(t.cpu->control.page_pointers[1] == 0x1E6);
    CHECK(t.sets(3, Control::kTables + 0x4000));
    CHECK(t.cpu->control.page_pointers[1] == 0x7001);
    t.set_at<std::uint64_t>(Control::kTables + 0x4018, std::uint64_t{1} << 52 | 1);
    CHECK(t.refuses(3, Control::kTables + 0x4000));
    CHECK(t.refuses(4, kCr4Pae | kCr4Pge));
}

TEST_CASE("CR3 in long mode has reserved bits, bit 63 is a wish of PCIDs") {
    Control t;
    CHECK(t.sets(3, 0x123000));
    CHECK(t.refuses(3, std::uint64_t{1} << 52));
    CHECK(t.refuses(3, kBit63 | 0x1000));
    t.cpu->control.cr3 = 0x1000;
    CHECK(t.sets(4, kCr4Pae | kCr4Pcide));
    CHECK(t.sets(3, kBit63 | 0x2005));
    CHECK(t.cpu->control.cr3 == 0x2005);
}

TEST_CASE("PCIDs can be switched on in long mode with PCID 0 only") {
    Control t;
    t.cpu->control.cr3 = 0x1001;
    CHECK(t.refuses(4, kCr4Pae | kCr4Pcide));
    Control legacy(32);
    CHECK(legacy.refuses(4, kCr4Pae | kCr4Pcide));
}

TEST_CASE("CR4 has the bits that CPUID offers") {
    Control all(32);
    CHECK(all.sets(4, kCr4Smep | kCr4Smap | kCr4Fsgsbase | kCr4Osfxsr | kCr4Umip));
    CHECK(all.refuses(4, kCr4La57));
    CHECK(all.refuses(4, kCr4Vme));
    CHECK(all.refuses(4, kBit63 >> 32));
    Control few(32,
                {{0, 0, false, 7, 0, 0, 0}, {1, 0, false, 0, 0, 0, 1 << 3 | 1 << 6}, {7, 0, false, 0, 1 << 7, 0, 0}});
    CHECK(few.sets(4, kCr4Pse | kCr4Pae | kCr4Smep));
    CHECK(few.refuses(4, kCr4Smap));
    CHECK(few.refuses(4, kCr4Osxsave));
    CHECK(few.refuses(4, kCr4Pcide));
}

}  // namespace nyx::soft
