// Real mode as firmware uses it (Intel SDM volume 3, §9.9, §20.1).
#include <doctest/doctest.h>

#include "system_fixture.h"
#include "trial.h"

namespace nyx::soft {

TEST_CASE("20.1.3: the system's instructions that real mode has") {
    using Code = std::initializer_list<std::uint8_t>;
    for (Code code : {Code{0x0F, 0x20, 0xC0},                                // mov eax, cr0
                      Code{0x0F, 0x22, 0xD8},                                // mov cr3, eax
                      Code{0x0F, 0x21, 0xF8},                                // mov eax, dr7
                      Code{0x0F, 0x01, 0x16, 0x00, 0x80},                    // lgdt
                      Code{0x66, 0x0F, 0x01, 0x1E, 0x00, 0x80},              // lidt, 32-bit operand
                      Code{0x2E, 0x0F, 0x01, 0x16, 0x00, 0x80},              // lgdt cs:
                      Code{0x0F, 0x01, 0xE0},                                // smsw ax
                      Code{0x0F, 0x01, 0xF0},                                // lmsw ax
                      Code{0x0F, 0x06},                                      // clts
                      Code{0x0F, 0x09},                                      // wbinvd
                      Code{0x0F, 0x01, 0x3E, 0x00, 0x80},                    // invlpg
                      Code{0x0F, 0xA2},                                      // cpuid
                      Code{0x0F, 0x31},                                      // rdtsc
                      Code{0x0F, 0x32},                                      // rdmsr
                      Code{0x0F, 0x30},                                      // wrmsr
                      Code{0xF4},                                            // hlt
                      Code{0xFA},                                            // cli
                      Code{0xFB},                                            // sti
                      Code{0x66, 0x9C},                                      // pushfd
                      Code{0x9D},                                            // popf
                      Code{0xE4, 0x60},                                      // in
                      Code{0xEE},                                            // out
                      Code{0x6C},                                            // insb
                      Code{0x66, 0x6F},                                      // outsd
                      Code{0xC5, 0x06, 0x00, 0x80},                          // lds
                      Code{0x0F, 0xB4, 0x06, 0x00, 0x80},                    // lfs
                      Code{0x0F, 0xA1},                                      // pop fs
                      Code{0x66, 0xEA, 0x00, 0x10, 0x00, 0x00, 0x00, 0x00},  // jmp far, 32-bit offset
                      Code{0xFF, 0x2E, 0x00, 0x80},                          // jmp far [mem]
                      Code{0x66, 0xCB},                                      // retf
                      Code{0xCF}}) {
        Trial t(16);
        t.cpu->gpr[kRcx] = 0x10;
        t.cpu->gpr[kRax] = t.cpu->gpr[kRdx] = 0;
        CAPTURE(static_cast<int>(*code.begin()));
        CAPTURE(static_cast<int>(*(code.begin() + code.size() - 1)));
        CHECK(t.does(code));
    }
    for (Code code : {Code{0x0F, 0x00, 0xD0},  // lldt
                      Code{0x0F, 0x00, 0xD8},  // ltr
                      Code{0x0F, 0x00, 0xC8},  // str
                      Code{0x0F, 0x00, 0xE0},  // verr
                      Code{0x0F, 0x02, 0xC1},  // lar
                      Code{0x0F, 0x03, 0xC1},  // lsl
                      Code{0x63, 0xC8},        // arpl
                      Code{0x0F, 0x05}}) {     // syscall
        Trial t(16);
        CHECK(t.faults(code, kInvalidOpcode));
    }
}

TEST_CASE("9.9: to protected mode and back leaves the limits as they were loaded") {
    SystemFixture f(16);
    f.descriptor(SystemFixture::kSpare, 0, 0xFFFFF, 0x93, 0x8);
    f.cpu->gdt = {SystemFixture::kGdt, 0xFF};
    f.cpu->gpr[kRax] = kCr0Pe;
    f.cpu->gpr[kRbx] = SystemFixture::kSpare;
    f.cpu->gpr[kRcx] = 0;
    f.cpu->segments[kCs].selector = 0;
    // mov cr0, eax; mov ds, bx; mov cr0, ecx; mov ds, cx; mov [edi], al
    f.cpu->gpr[kRdi] = 0x80000;
    f.run({0x0F, 0x22, 0xC0, 0x8E, 0xDB, 0x0F, 0x22, 0xC1, 0x8E, 0xD9, 0x67, 0x88, 0x07}, 5);
    CHECK_FALSE(f.cpu->is_protected());
    CHECK(f.cpu->segments[kDs].limit == 0xFFFFFFFF);
    CHECK(f.at<std::uint8_t>(0x80000) == kCr0Pe);
    CHECK(f.cpu->instructions == 5);
}

TEST_CASE("20.1.4: #GP in real mode has no error code, and comes for an access beyond 64 KiB") {
    Fixture f(16);
    f.set_at<std::uint32_t>(13 * 4, 0x05000010);
    f.run({0xA1, 0xFF, 0xFF});  // mov ax, [0xFFFF]
    CHECK(f.cpu->rip == 0x10);
    CHECK(f.cpu->gpr[kRsp] == Fixture::kStack - 6);
    CHECK(f.at<std::uint16_t>(Fixture::kStack - 6) == Fixture::kCode);
}

}  // namespace nyx::soft
