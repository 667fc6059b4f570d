// CR2, CR8, LMSW, SMSW, CLTS, XCR0, CLAC and STAC, debug registers, INVPCID's operands (SDM volume 2; volume 3, §17.2).
#include "trial.h"

namespace nyx::soft {

TEST_CASE("CR8 is the task priority of the local APIC") {
    Trial t;
    t.cpu->gpr[kRax] = 9;
    CHECK(t.does({0x44, 0x0F, 0x22, 0xC0}));  // mov cr8, rax
    CHECK(t.around.priority == 9);
    t.around.priority = 3;
    CHECK(t.does({0x44, 0x0F, 0x20, 0xC1}));  // mov rcx, cr8
    CHECK(t.cpu->gpr[kRcx] == 3);
    t.cpu->gpr[kRax] = 0x10;
    CHECK(t.faults({0x44, 0x0F, 0x22, 0xC0}, kGeneralProtection));
}

TEST_CASE("control registers move in the width of the mode") {
    Trial t;
    t.cpu->gpr[kRax] = 0xFFFF800012345678;
    CHECK(t.does({0x0F, 0x22, 0xD0}));  // mov cr2, rax
    CHECK(t.does({0x0F, 0x20, 0xD3}));  // mov rbx, cr2
    CHECK(t.cpu->gpr[kRbx] == 0xFFFF800012345678);
    Trial narrow(32);
    narrow.cpu->control.cr2 = 0xFFFF800012345678;
    narrow.cpu->gpr[kRbx] = ~0ull;
    CHECK(narrow.does({0x0F, 0x20, 0xD3}));
    CHECK(narrow.cpu->gpr[kRbx] == 0x12345678);
}

TEST_CASE("LMSW sets PE and never clears it, SMSW shows it to everyone without UMIP") {
    Trial t(16);
    t.cpu->gpr[kRax] = kCr0Pe | kCr0Ts | 0xFFF0;
    CHECK(t.does({0x0F, 0x01, 0xF0}));  // lmsw ax
    CHECK((t.cpu->control.cr0 & 0x1F) == (kCr0Pe | kCr0Ts | kCr0Et));
    t.cpu->gpr[kRax] = 0;
    CHECK(t.does({0x0F, 0x01, 0xF0}));
    CHECK((t.cpu->control.cr0 & 0x1F) == (kCr0Pe | kCr0Et));

    Trial user(32);
    user.cpu->set_cpl(3);
    user.cpu->gpr[kRcx] = ~0ull;
    CHECK(user.does({0x0F, 0x01, 0xE1}));  // smsw ecx
    CHECK(user.cpu->gpr[kRcx] == user.cpu->control.cr0);
    user.cpu->gpr[kRbx] = Fixture::kData;
    user.set_at<std::uint32_t>(Fixture::kData, 0xAAAAAAAA);
    CHECK(user.does({0x0F, 0x01, 0x23}));  // smsw [ebx]: 16 bits
    CHECK(user.at<std::uint32_t>(Fixture::kData) == (0xAAAA0000 | (user.cpu->control.cr0 & 0xFFFF)));
    user.cpu->control.cr4 |= kCr4Umip;
    CHECK(user.faults({0x0F, 0x01, 0xE1}, kGeneralProtection));
}

TEST_CASE("CLTS lets SSE instructions run again") {
    Trial t;
    t.cpu->control.cr4 |= kCr4Osfxsr;
    t.cpu->control.cr0 |= kCr0Ts;
    t.cpu->mode_changed();
    CHECK(t.faults({0x0F, 0x57, 0xC0}, kDeviceNotAvailable));  // xorps xmm0, xmm0
    CHECK(t.does({0x0F, 0x06, 0x0F, 0x57, 0xC0}, 2));
}

TEST_CASE("XSETBV enables what CPUID names, x87 always, AVX with SSE only") {
    Trial t(64, {{0, 0, false, 0xD, 0, 0, 0}, {1, 0, false, 0, 0, 1u << 26, 0}, {0xD, 0, true, 7, 0, 0, 0}});
    auto set = [&](std::uint64_t number, std::uint64_t value) {
        t.cpu->gpr[kRcx] = number;
        t.cpu->gpr[kRax] = value;
        t.cpu->gpr[kRdx] = value >> 32;
    };
    set(0, 7);
    CHECK(t.faults({0x0F, 0x01, 0xD1}, kInvalidOpcode));  // CR4.OSXSAVE
    CHECK(t.faults({0x0F, 0x01, 0xD0}, kInvalidOpcode));
    t.cpu->control.cr4 |= kCr4Osxsave;
    CHECK(t.does({0x0F, 0x01, 0xD1}));
    CHECK(t.does({0x0F, 0x01, 0xD0}));
    CHECK(t.cpu->gpr[kRax] == 7);
    for (std::uint64_t bad : {std::uint64_t{6}, std::uint64_t{5}, std::uint64_t{15}, std::uint64_t{1} << 62 | 7}) {
        CAPTURE(bad);
        set(0, bad);
        CHECK(t.faults({0x0F, 0x01, 0xD1}, kGeneralProtection));
    }
    set(1, 7);
    CHECK(t.faults({0x0F, 0x01, 0xD1}, kGeneralProtection));
    set(0, 7);
    t.cpu->set_cpl(3);
    CHECK(t.faults({0x0F, 0x01, 0xD1}, kGeneralProtection));
    CHECK(t.does({0x0F, 0x01, 0xD0}));
}

TEST_CASE("STAC and CLAC change AC, for the system only") {
    Trial t;
    CHECK(t.does({0x0F, 0x01, 0xCB}));
    CHECK((t.cpu->rflags() & kAc) != 0);
    CHECK(t.does({0x0F, 0x01, 0xCA}));
    CHECK((t.cpu->rflags() & kAc) == 0);
    t.cpu->set_cpl(3);
    CHECK(t.faults({0x0F, 0x01, 0xCB}, kInvalidOpcode));
}

TEST_CASE("debug registers: DR4 and DR5, reserved bits, GD") {
    Trial t;
    t.cpu->gpr[kRax] = 0;
    CHECK(t.does({0x0F, 0x23, 0xF0}));  // mov dr6, rax
    CHECK(t.cpu->control.dr6 == 0xFFFF0FF0);
    CHECK(t.does({0x0F, 0x23, 0xF8}));  // mov dr7, rax
    CHECK(t.does({0x0F, 0x21, 0xE9}));  // mov rcx, dr5
    CHECK(t.cpu->gpr[kRcx] == 0x400);
    CHECK(t.does({0x0F, 0x21, 0xE1}));  // mov rcx, dr4
    CHECK(t.cpu->gpr[kRcx] == 0xFFFF0FF0);
    t.cpu->control.cr4 |= kCr4De;
    CHECK(t.faults({0x0F, 0x21, 0xE1}, kInvalidOpcode));
    t.cpu->gpr[kRax] = std::uint64_t{1} << 32;
    CHECK(t.faults({0x0F, 0x23, 0xF8}, kGeneralProtection));
    CHECK(t.does({0x0F, 0x23, 0xD8}));  // mov dr3, rax: an address of 64 bits
    CHECK(t.cpu->control.dr[3] == std::uint64_t{1} << 32);
    t.cpu->control.dr7 |= kDr7Gd;
    CHECK(t.faults({0x0F, 0x21, 0xC0}, kDebug));
    CHECK((t.cpu->control.dr6 & kDr6Bd) != 0);
}

TEST_CASE("INVPCID refuses descriptors and types that do not exist") {
    Trial t;
    t.cpu->gpr[kRbx] = Fixture::kData;
    auto invalidates = [&](std::uint64_t type, std::uint64_t pcid, std::uint64_t linear) {
        t.set_at<std::uint64_t>(Fixture::kData, pcid);
        t.set_at<std::uint64_t>(Fixture::kData + 8, linear);
        t.cpu->gpr[kRax] = type;
        return t.does({0x66, 0x0F, 0x38, 0x82, 0x03});  // invpcid rax, [rbx]
    };
    CHECK(invalidates(0, 0, 0x1000));
    CHECK(invalidates(3, 0, 0));
    CHECK_FALSE(invalidates(4, 0, 0));
    CHECK_FALSE(invalidates(0, 5, 0x1000));  // CR4.PCIDE is clear
    t.cpu->control.cr4 |= kCr4Pcide;
    CHECK(invalidates(0, 5, 0x1000));
    CHECK_FALSE(invalidates(1, 0x1000, 0));
    CHECK_FALSE(invalidates(0, 5, std::uint64_t{1} << 60));
    CHECK(t.raised->vector == kGeneralProtection);
}

}  // namespace nyx::soft
