// Which units the system may switch off, and what of vector and x87 instructions depends on the mode.
#include "trial.h"

namespace nyx::soft {
namespace {

using Code = std::initializer_list<std::uint8_t>;
constexpr Code kAddps = {0x0F, 0x58, 0xC1}, kVaddps = {0xC5, 0xF4, 0x58, 0xC2}, kPaddb = {0x0F, 0xFC, 0xC1},
               kEmms = {0x0F, 0x77}, kFadd = {0xD8, 0xC1}, kFwait = {0x9B}, kFninit = {0xDB, 0xE3},
               kFxsave = {0x0F, 0xAE, 0x06}, kXsave = {0x0F, 0xAE, 0x26};

// Everything on.
struct VectorTrial : Trial {
    explicit VectorTrial(unsigned code_bits = 64) : Trial(code_bits) {
        cpu->control.cr0 |= kCr0Ne | kCr0Mp;
        cpu->control.cr4 |= kCr4Osfxsr | kCr4Osxmmexcpt | kCr4Osxsave;
        cpu->control.xcr0 = 7;
        cpu->gpr[kRsi] = kData;
        cpu->mode_changed();
    }
    void set_cr0(std::uint64_t bits) {
        cpu->control.cr0 |= bits;
        cpu->mode_changed();
    }
    void clear_cr4(std::uint64_t bits) {
        cpu->control.cr4 &= ~bits;
        cpu->mode_changed();
    }
    // The exception of an instruction; 255: none.
    unsigned raised_by(Code code) { return does(code) ? 255 : raised->vector; }
};
constexpr unsigned kNothing = 255;

}  // namespace

TEST_CASE("every unit works when it is on") {
    for (Code code : {kAddps, kVaddps, kPaddb, kEmms, kFadd, kFwait, kFninit, kFxsave, kXsave}) {
        VectorTrial t;
        CHECK(t.raised_by(code) == kNothing);
    }
}

// SDM volume 3, §2.5 and table 2-2; volume 2, §2.4 (exception classes).
TEST_CASE("CR0.EM and CR0.TS") {
    struct Case {
        Code code;
        unsigned by_em, by_ts;
    };
    for (const Case& c :
         {Case{kAddps, kInvalidOpcode, kDeviceNotAvailable}, Case{kVaddps, kNothing, kDeviceNotAvailable},
          Case{kPaddb, kInvalidOpcode, kDeviceNotAvailable}, Case{kEmms, kInvalidOpcode, kDeviceNotAvailable},
          Case{kFadd, kDeviceNotAvailable, kDeviceNotAvailable},
          Case{kFninit, kDeviceNotAvailable, kDeviceNotAvailable}, Case{kFwait, kNothing, kDeviceNotAvailable},
          Case{kFxsave, kDeviceNotAvailable, kDeviceNotAvailable}, Case{kXsave, kNothing, kDeviceNotAvailable}}) {
        CAPTURE(static_cast<unsigned>(c.code.begin()[0]));
        CAPTURE(static_cast<unsigned>(c.code.begin()[c.code.size() - 1]));
        VectorTrial em, ts;
        em.set_cr0(kCr0Em);
        ts.set_cr0(kCr0Ts);
        CHECK(em.raised_by(c.code) == c.by_em);
        CHECK(ts.raised_by(c.code) == c.by_ts);
    }
}

TEST_CASE("CR4.OSFXSR, CR4.OSXSAVE and XCR0") {
    VectorTrial fxsr;
    fxsr.clear_cr4(kCr4Osfxsr);
    CHECK(fxsr.raised_by(kAddps) == kInvalidOpcode);
    CHECK(fxsr.raised_by(kPaddb) == kNothing);
    VectorTrial xsave;
    xsave.clear_cr4(kCr4Osxsave);
    CHECK(xsave.raised_by(kVaddps) == kInvalidOpcode);
    CHECK(xsave.raised_by(kXsave) == kInvalidOpcode);
    for (std::uint64_t xcr0 : {1u, 3u}) {
        VectorTrial t;
        t.cpu->control.xcr0 = xcr0;
        t.cpu->mode_changed();
        CHECK(t.raised_by(kVaddps) == kInvalidOpcode);
        CHECK(t.raised_by(kXsave) == kNothing);
    }
    VectorTrial v86(16);
    v86.cpu->control.cr0 |= kCr0Pe;
    v86.enter_v86(3);
    CHECK(v86.raised_by(kVaddps) == kInvalidOpcode);
    CHECK(v86.raised_by(kAddps) == kNothing);
}

// SDM volume 1, §11.5.1: without OSXMMEXCPT it is #UD.
TEST_CASE("an unmasked SIMD exception changes nothing but its flag") {
    for (bool has_handler : {true, false}) {
        VectorTrial t;
        if (!has_handler) t.clear_cr4(kCr4Osxmmexcpt);
        t.cpu->vector.mxcsr = 0x1F80 & ~(1u << 9);  // divide by zero
        for (std::size_t i = 0; i < 4; ++i) t.cpu->vector.ymm[0].bytes[4 * i + 3] = 0x3F;
        const auto before = t.cpu->vector.ymm[0].bytes;
        CHECK(t.raised_by({0x0F, 0x5E, 0xC1}) == (has_handler ? kSimdError : kInvalidOpcode));  // divps xmm0, xmm1
        CHECK(t.cpu->vector.ymm[0].bytes == before);
        CHECK(t.cpu->vector.mxcsr == ((0x1F80 & ~(1u << 9)) | 4));
    }
}

TEST_CASE("flags of MXCSR wait on the host and are there when they are read") {
    VectorTrial t;
    t.cpu->vector.ymm[0].bytes[3] = 0x3F;
    // divss xmm0, xmm1; stmxcsr [rsi]; ldmxcsr [rsi + 4]; stmxcsr [rsi + 8]
    t.set_at<std::uint32_t>(Fixture::kData + 4, 0x1F80);
    CHECK(t.does({0xF3, 0x0F, 0x5E, 0xC1, 0x0F, 0xAE, 0x1E, 0x0F, 0xAE, 0x56, 0x04, 0x0F, 0xAE, 0x5E, 0x08}, 4));
    CHECK(t.at<std::uint32_t>(Fixture::kData) == 0x1F84);
    CHECK(t.at<std::uint32_t>(Fixture::kData + 8) == 0x1F80);
    CHECK(t.cpu->vector.mxcsr == 0x1F80);
}

// SDM volume 1, §8.7.1: the next waiting instruction raises it; those that do not wait do not.
TEST_CASE("an unmasked x87 exception waits") {
    VectorTrial t;
    t.set_at<std::uint16_t>(Fixture::kData, 0x37F & ~4);
    // fldcw [rsi]; fld1; fldz; fdivp: done without an exception
    CHECK(t.does({0xD9, 0x2E, 0xD9, 0xE8, 0xD9, 0xEE, 0xDE, 0xF9}, 4));
    CHECK(t.raised_by({0xDF, 0xE0}) == kNothing);  // fnstsw ax
    CHECK((t.cpu->gpr[kRax] & 0x8084) == 0x8084);
    CHECK(t.raised_by(kFwait) == kX87Error);
    CHECK(t.raised_by({0xD9, 0xE8}) == kX87Error);
    CHECK(t.raised_by(kPaddb) == kX87Error);
    t.cpu->control.cr0 &= ~kCr0Ne;
    CHECK(t.raised_by(kFwait) == kNothing);
    t.cpu->control.cr0 |= kCr0Ne;
    CHECK(t.raised_by({0xDB, 0xE2}) == kNothing);  // fnclex
    CHECK(t.raised_by(kFwait) == kNothing);
}

// SDM volume 1, figures 8-9 to 8-12.
TEST_CASE("the environment has four layouts") {
    struct Case {
        unsigned code_bits;
        Code code;
        unsigned size;
    };
    for (const Case& c : {Case{32, {0xD9, 0x36}, 28}, Case{32, {0x66, 0xD9, 0x36}, 14},
                          Case{16, {0x67, 0xD9, 0x36}, 14}, Case{16, {0x66, 0x67, 0xD9, 0x36}, 28}}) {
        VectorTrial t(c.code_bits);
        t.cpu->gpr[kRsi] = 0x3000;
        t.cpu->x87.instruction_pointer = 0x2345;
        t.cpu->x87.instruction_selector = 0x10;
        t.cpu->x87.opcode = 0x123;
        for (unsigned i = 0; i < 32; ++i) t.ram[0x3000 + i] = 0xAA;
        CHECK(t.does(c.code));
        CHECK(t.at<std::uint16_t>(0x3000) == 0x37F);
        CHECK(t.ram[0x3000 + c.size - 1] != 0xAA);
        CHECK(t.ram[0x3000 + c.size] == 0xAA);
        const unsigned step = c.size / 7;
        // Real mode has a linear address, protected mode an offset and a selector.
        CHECK(t.at<std::uint16_t>(0x3000 + 3 * step) == (c.code_bits == 16 ? 0x2445 : 0x2345));
        CHECK(t.at<std::uint16_t>(0x3000 + 4 * step) == (c.code_bits == 16 ? 0x123 : 0x10));
    }
}

TEST_CASE("outside of 64-bit code the upper registers stay alone") {
    VectorTrial t(32);
    for (auto& reg : t.cpu->vector.ymm) reg.bytes.fill(0x55);
    t.cpu->gpr[kRsi] = Fixture::kData;
    CHECK(t.does(kFxsave));
    CHECK(t.ram[Fixture::kData + 160 + 127] == 0x55);
    CHECK(t.ram[Fixture::kData + 160 + 128] == 0);
    CHECK(t.does({0xC5, 0xFC, 0x77}));  // vzeroall
    CHECK(t.cpu->vector.ymm[7].bytes[31] == 0);
    CHECK(t.cpu->vector.ymm[8].bytes[0] == 0x55);
}

TEST_CASE("a masked store touches only what it stores") {
    VectorTrial t;
    t.cpu->gpr[kRsi] = Fixture::kRamSize - 8;  // behind it is nothing
    t.cpu->vector.ymm[0].bytes.fill(0x77);
    t.cpu->vector.ymm[1].bytes.fill(0);
    t.cpu->vector.ymm[1].bytes[3] = 0x80;
    CHECK(t.does({0xC4, 0xE2, 0x71, 0x2E, 0x06}));  // vmaskmovps [rsi], xmm1, xmm0
    CHECK(t.at<std::uint32_t>(Fixture::kRamSize - 8) == 0x77777777);
    CHECK(t.at<std::uint32_t>(Fixture::kRamSize - 4) == 0);
}

}  // namespace nyx::soft
