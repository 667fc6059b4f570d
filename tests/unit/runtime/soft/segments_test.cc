// Segment registers, descriptor tables, far transfers and tasks (Intel SDM volume 3, chapters 3, 5 and 7).
#include <doctest/doctest.h>

#include "system_fixture.h"

namespace nyx::soft {
namespace {

// Runs one instruction that faults and gives the error code; ~0: it did not.
template <class F>
std::uint64_t error_of(F& f, unsigned vector, std::initializer_list<std::uint8_t> code) {
    f.gate(vector);
    f.run(code);
    bool faulted = f.cpu->rip == SystemFixture::kHandler && f.stacked(1) == Fixture::kCode;
    return faulted ? f.stacked(0) : ~0ull;
}

}  // namespace

TEST_CASE("20.1.1: in real mode a segment is its selector times 16") {
    Fixture f(16);
    f.cpu->gpr[kRax] = 0x1234;
    f.run({0x8E, 0xD8, 0x8C, 0xDB}, 2);  // mov ds, ax; mov bx, ds
    CHECK(f.cpu->segments[kDs].base == 0x12340);
    CHECK(f.cpu->segments[kDs].limit == 0xFFFF);
    CHECK(f.cpu->gpr[kRbx] == 0x1234);
}

TEST_CASE("5.6: loading a data segment looks at privilege, presence and type") {
    SystemFixture f(32);
    f.descriptor(SystemFixture::kSpare, 0x12345678, 0xABCDE, 0x92, 0x4);
    f.cpu->gpr[kRax] = SystemFixture::kSpare;
    f.run({0x8E, 0xC0});  // mov es, ax
    CHECK(f.cpu->segments[kEs].base == 0x12345678);
    CHECK(f.cpu->segments[kEs].limit == 0xABCDE);
    CHECK(f.at<std::uint8_t>(SystemFixture::kGdt + SystemFixture::kSpare + 5) == 0x93);  // accessed
    auto refused = [](std::uint64_t access, unsigned level, std::uint16_t selector, unsigned vector,
                      std::uint8_t modrm) {
        SystemFixture g(32);
        g.descriptor(SystemFixture::kSpare, 0, 0xFFFFF, access, 0xC);
        if (level == 3) g.set_level(3);
        g.cpu->gpr[kRax] = selector;
        return error_of(g, vector, {0x8E, modrm});
    };
    constexpr std::uint8_t kToEs = 0xC0, kToSs = 0xD0;
    CHECK(refused(0x13, 0, 0x38, kSegmentNotPresent, kToEs) == 0x38);
    CHECK(refused(0x13, 0, 0x38, kStackFault, kToSs) == 0x38);
    CHECK(refused(0x99, 0, 0x38, kGeneralProtection, kToEs) == 0x38);    // execute only
    CHECK(refused(0x93, 3, 0x38, kGeneralProtection, kToEs) == 0x38);    // DPL 0 from level 3
    CHECK(refused(0x93, 0, 0x3B, kGeneralProtection, kToEs) == 0x38);    // RPL 3
    CHECK(refused(0x9F, 3, 0x3B, kGeneralProtection, kToEs) == ~0ull);   // conforming and readable: allowed
    CHECK(refused(0x9B, 0, 0x38, kGeneralProtection, kToSs) == 0x38);    // code as a stack
    CHECK(refused(0x91, 0, 0x38, kGeneralProtection, kToSs) == 0x38);    // read only as a stack
    CHECK(refused(0x93, 0, 0, kGeneralProtection, kToSs) == 0);          // null
    CHECK(refused(0x93, 0, 0x100, kGeneralProtection, kToEs) == 0x100);  // beyond the table
    CHECK(refused(0x93, 0, 0x3C, kGeneralProtection, kToEs) == 0x3C);    // there is no LDT
}

TEST_CASE("3.4.2: a null selector loads, and faults when it is used") {
    SystemFixture f(32);
    f.cpu->gpr[kRax] = 3;
    f.run({0x8E, 0xD8}, 1);
    CHECK(f.cpu->segments[kDs].selector == 3);
    CHECK_FALSE(f.cpu->mode().is_flat);
    f.gate(kGeneralProtection);
    f.run({0xA0, 0, 0, 0, 0});
    CHECK(f.cpu->rip == SystemFixture::kHandler);
    SystemFixture g(64);
    g.run({0x31, 0xC0, 0x8E, 0xD0}, 2);  // in 64-bit code level 0 may have a null SS
    CHECK(g.cpu->segments[kSs].selector == 0);
    CHECK(g.cpu->rip == Fixture::kCode + 4);
}

TEST_CASE("5.3: a segment that expands down ends where its limit says") {
    SystemFixture f(32);
    f.descriptor(SystemFixture::kSpare, 0, 0x7FFF, 0x97, 0x4);
    f.cpu->gpr[kRax] = SystemFixture::kSpare;
    f.run({0x8E, 0xD8, 0xA0, 0x00, 0x80, 0x00, 0x00}, 2);
    CHECK(f.cpu->rip == Fixture::kCode + 7);
    SystemFixture g(32);
    g.gate(kGeneralProtection);
    g.descriptor(SystemFixture::kSpare, 0, 0x7FFF, 0x97, 0x4);
    g.cpu->gpr[kRax] = SystemFixture::kSpare;
    g.run({0x8E, 0xD8, 0xA0, 0xFF, 0x7F, 0x00, 0x00}, 2);
    CHECK(g.cpu->rip == SystemFixture::kHandler);
}

TEST_CASE("PUSH and POP of segments, LDS, LSS") {
    SystemFixture f(32);
    f.run({0x1E, 0x07}, 1);  // push ds; pop es
    CHECK(f.cpu->gpr[kRsp] == Fixture::kStack - 4);
    CHECK(f.at<std::uint16_t>(Fixture::kStack - 4) == SystemFixture::kData0);
    f.cpu->run(1);
    CHECK(f.cpu->segments[kEs].selector == SystemFixture::kData0);
    CHECK(f.cpu->gpr[kRsp] == Fixture::kStack);
    f.set_at<std::uint32_t>(Fixture::kData, 0x8800);
    f.set_at<std::uint16_t>(Fixture::kData + 4, SystemFixture::kData0);
    f.run({0x0F, 0xB2, 0x25, 0x00, 0x00, 0x02, 0x00});  // lss esp, [kData]
    CHECK(f.cpu->gpr[kRsp] == 0x8800);
    CHECK_FALSE(f.cpu->interrupt_shadow);  // there is no need, unlike with MOV SS
}

TEST_CASE("LAR, LSL, VERR, VERW and ARPL") {
    SystemFixture f(32);
    f.cpu->gpr[kRcx] = SystemFixture::kData3;
    f.run({0x0F, 0x02, 0xC1, 0x0F, 0x03, 0xD9, 0x0F, 0x00, 0xE9}, 3);  // lar eax, ecx; lsl ebx, ecx; verw cx
    CHECK(f.cpu->gpr[kRax] == 0xC0F300);
    CHECK(f.cpu->gpr[kRbx] == 0xFFFFFFFF);
    CHECK(f.cpu->flags.zf());
    f.cpu->gpr[kRcx] = SystemFixture::kCode0;
    f.run({0x0F, 0x00, 0xE9});
    CHECK_FALSE(f.cpu->flags.zf());
    f.cpu->gpr[kRcx] = 0x1000;
    f.run({0x0F, 0x02, 0xC1});
    CHECK_FALSE(f.cpu->flags.zf());
    CHECK(f.cpu->gpr[kRax] == 0xC0F300);
    f.cpu->gpr[kRax] = 0x10;
    f.cpu->gpr[kRcx] = 3;
    f.run({0x63, 0xC8});
    CHECK(f.cpu->gpr[kRax] == 0x13);
    CHECK(f.cpu->flags.zf());
}

TEST_CASE("LGDT, SIDT, LLDT and LTR") {
    SystemFixture f(32);
    f.set_at<std::uint16_t>(Fixture::kData, 0x7F);
    f.set_at<std::uint32_t>(Fixture::kData + 2, 0xFF002000);
    f.run({0x66, 0x0F, 0x01, 0x15, 0, 0, 2, 0});  // 16-bit operand: 24 bits of base
    CHECK(f.cpu->gdt.base == 0x2000);
    CHECK(f.cpu->gdt.limit == 0x7F);
    f.run({0x0F, 0x01, 0x0D, 0, 1, 2, 0});  // sidt
    CHECK(f.at<std::uint16_t>(Fixture::kData + 0x100) == 0xFFF);
    CHECK(f.at<std::uint32_t>(Fixture::kData + 0x102) == SystemFixture::kIdt);
    f.descriptor(SystemFixture::kSpare, 0x5000, 0x17, 0x82, 0);
    f.cpu->gpr[kRax] = SystemFixture::kSpare;
    f.run({0x0F, 0x00, 0xD0});
    CHECK(f.cpu->segments[kLdtr].base == 0x5000);
    f.descriptor(SystemFixture::kTask, SystemFixture::kTss, 0x67, 0x89, 0);
    f.cpu->gpr[kRax] = SystemFixture::kTask;
    f.run({0x0F, 0x00, 0xD8});
    CHECK(f.at<std::uint8_t>(SystemFixture::kGdt + SystemFixture::kTask + 5) == 0x8B);  // busy
    f.cpu->rip = Fixture::kCode;
    CHECK(error_of(f, kGeneralProtection, {0x0F, 0x00, 0xD8}) == SystemFixture::kTask);
    SystemFixture g(64);
    g.descriptor(SystemFixture::kSpare, 0x5000, 0x67, 0x89, 0);
    g.set_at<std::uint64_t>(SystemFixture::kGdt + SystemFixture::kSpare + 8, 0xFFFF8000);
    g.cpu->gpr[kRax] = SystemFixture::kSpare;
    g.run({0x0F, 0x00, 0xD8});
    CHECK(g.cpu->segments[kTr].base == 0xFFFF8000'00005000);
}

TEST_CASE("2.5: UMIP hides the tables from level 3") {
    SystemFixture f(64);
    f.set_level(3);
    f.run({0x0F, 0x01, 0x04, 0x25, 0, 0, 2, 0});  // sgdt
    CHECK(f.at<std::uint64_t>(Fixture::kData + 2) == SystemFixture::kGdt);
    f.cpu->control.cr4 |= kCr4Umip;
    f.cpu->rip = Fixture::kCode;
    CHECK(error_of(f, kGeneralProtection, {0x0F, 0x01, 0x04, 0x25, 0, 0, 2, 0}) == 0);
}

TEST_CASE("FS and GS bases: RDFSBASE, WRGSBASE, SWAPGS") {
    SystemFixture f(64);
    f.gate(kInvalidOpcode);
    f.run({0xF3, 0x0F, 0xAE, 0xC0});
    CHECK(f.cpu->rip == SystemFixture::kHandler);  // CR4.FSGSBASE is clear
    f.cpu->control.cr4 |= kCr4Fsgsbase;
    f.cpu->gpr[kRax] = 0xFFFF8000'12345678;
    f.cpu->msr.kernel_gs_base = 0x1111;
    f.run({0xF3, 0x48, 0x0F, 0xAE, 0xD8, 0x0F, 0x01, 0xF8, 0xF3, 0x48, 0x0F, 0xAE, 0xCB}, 3);
    CHECK(f.cpu->msr.kernel_gs_base == 0xFFFF8000'12345678);
    CHECK(f.cpu->gpr[kRbx] == 0x1111);
    f.cpu->gpr[kRax] = 0x8000'00000000;
    f.cpu->rip = Fixture::kCode;
    CHECK(error_of(f, kGeneralProtection, {0xF3, 0x48, 0x0F, 0xAE, 0xD8}) == 0);
}

}  // namespace nyx::soft
