// Compiled regions beside the interpreter: the same guest, run in the same steps, must be the same after each of them.
#include <doctest/doctest.h>

#include "compile_at_once.h"
#include "fixture.h"
#include "random.h"

namespace nyx::soft {
namespace {

// Two machines with the same memory and registers, one of which compiles.
struct Pair {
    Fixture compiled, interpreted;
    std::shared_ptr<CompileAtOnce> source = CompileAtOnce::make();

    explicit Pair(unsigned bits = 64) : compiled(bits), interpreted(bits) {
        if (source != nullptr) compiled.cpu->use_regions(source, {.heat = 2, .interval = 0});
    }
    bool can_compile() const {
        if (source == nullptr) MESSAGE("SKIPPED: no compiler of regions in this build");
        return source != nullptr;
    }
    template <class Change>
    void both(Change change) {
        change(compiled);
        change(interpreted);
    }
    void put(std::uint64_t at, std::initializer_list<std::uint8_t> bytes) {
        both([&](Fixture& f) { f.put(at, bytes); });
    }
    void run(std::uint64_t count) {
        both([&](Fixture& f) { f.cpu->run(count); });
    }
    bool agree() const {
        const Cpu &a = *compiled.cpu, &b = *interpreted.cpu;
        return a.gpr == b.gpr && a.rip == b.rip && a.rflags() == b.rflags() && a.instructions == b.instructions &&
               a.control.cr2 == b.control.cr2 &&
               std::equal(compiled.ram, compiled.ram + Fixture::kRamSize, interpreted.ram);
    }
    std::uint64_t executed_compiled() const { return compiled.cpu->region_counts().instructions; }
};

// An inner and an outer loop, a function, memory, flags that cross blocks.
const std::initializer_list<std::uint8_t> kLoops = {
    0xE8, 0x18, 0x00, 0x00, 0x00,              // again: call f
    0xA8, 0x01,                                // test al, 1
    0x74, 0x04,                                // jz even
    0x48, 0x83, 0xC3, 0x03,                    // add rbx, 3
    0x48, 0x11, 0x1E,                          // even: adc [rsi], rbx
    0x48, 0x83, 0xD2, 0x00,                    // adc rdx, 0
    0x48, 0x83, 0xC6, 0x08,                    // add rsi, 8
    0x66, 0x89, 0xF6,                          // mov si, si
    0xEB, 0xE3,                                // jmp again
    0x55,                                      // f (+0x1D): push rbp
    0x48, 0x69, 0xC0, 0x6D, 0x4E, 0xC6, 0x41,  // imul rax, rax, 1103515245
    0x48, 0x05, 0x39, 0x30, 0x00, 0x00,        // add rax, 12345
    0xB9, 0x03, 0x00, 0x00, 0x00,              // mov ecx, 3
    0x48, 0xD1, 0xC8,                          // inner: ror rax, 1
    0xFF, 0xC9,                                // dec ecx
    0x75, 0xF9,                                // jnz inner
    0x5D,                                      // pop rbp
    0xC3,                                      // ret
};

}  // namespace

// run() ends in the middle of loops and blocks, and whatever has been compiled by then, where it ends is the same: that
// is what makes runs repeat although nobody knows when the compiler is done.
TEST_CASE("compiled code stops after the same instruction as the interpreter") {
    Pair pair;
    if (!pair.can_compile()) return;
    pair.put(Fixture::kCode, kLoops);
    pair.both([](Fixture& f) {
        f.cpu->gpr[kRax] = 12345;
        f.cpu->gpr[kRsi] = Fixture::kData;
    });
    Random random(1);
    for (int i = 0; i < 3000; ++i) {
        const std::uint64_t steps = random.one_in(3) ? random.below(2000) : random.below(40);
        pair.run(steps);
        REQUIRE(pair.agree());
        // The pointer goes through all of memory that is not code or stack.
        if (pair.compiled.cpu->gpr[kRsi] > Fixture::kRamSize - 0x4000)
            pair.both([](Fixture& f) { f.cpu->gpr[kRsi] = Fixture::kData; });
    }
    CHECK(pair.executed_compiled() > pair.compiled.cpu->instructions / 2);
}

TEST_CASE("code that writes to itself is not run from what it was compiled to") {
    Pair pair;
    if (!pair.can_compile()) return;
    // The loop adds an immediate, and every 256th time round changes it.
    pair.put(Fixture::kCode, {
                                 0x48, 0x81, 0xC0, 0x01, 0x00, 0x00, 0x00,  // again: add rax, 1
                                 0x48, 0xFF, 0xC1,                          // inc rcx
                                 0x84, 0xC9,                                // test cl, cl
                                 0x75, 0xF2,                                // jnz again
                                 0xFF, 0x05, 0xEF, 0xFF, 0xFF, 0xFF,        // inc dword [rip - 17]: the immediate
                                 0xEB, 0xEA,                                // jmp again
                             });
    for (int i = 0; i < 400; ++i) {
        pair.run(777);
        REQUIRE(pair.agree());
    }
    CHECK(pair.compiled.at<std::uint32_t>(Fixture::kCode + 3) > 200);
    CHECK(pair.executed_compiled() > 100'000);
    CHECK(pair.source->made > 100);
}

TEST_CASE("code that somebody else writes to is not run from what it was compiled to") {
    Pair pair;
    if (!pair.can_compile()) return;
    pair.put(Fixture::kCode, {0x48, 0xFF, 0xC0, 0xEB, 0xFB});  // again: inc rax; jmp again
    for (int i = 0; i < 10; ++i) pair.run(1000);
    REQUIRE(pair.executed_compiled() > 0);
    pair.both([](Fixture& f) {
        f.ram[Fixture::kCode + 2] = 0xC8;  // dec rax
        f.memory.wrote({Fixture::kCode, 5});
    });
    pair.run(100'000);
    CHECK(pair.agree());
}

TEST_CASE("a fault in compiled code is the interpreter's") {
    Pair pair;
    if (!pair.can_compile()) return;
    pair.put(Fixture::kCode, {
                                 0x31, 0xD2,                    // again: xor edx, edx
                                 0xB8, 0x00, 0x00, 0x01, 0x00,  // mov eax, 65536
                                 0xF7, 0xF1,                    // div ecx
                                 0x01, 0xC3,                    // add ebx, eax
                                 0xFF, 0xC9,                    // dec ecx
                                 0xEB, 0xF1,                    // jmp again
                             });
    unsigned faults = 0;
    pair.both([&](Fixture& f) {
        f.cpu->gpr[kRcx] = 500;
        f.cpu->intercept = [&](const Exception& exception) {
            CHECK(exception.vector == kDivideError);
            ++faults;
            f.cpu->gpr[kRcx] = 500;
            return true;
        };
    });
    for (int i = 0; i < 100; ++i) {
        pair.run(333);
        REQUIRE(pair.agree());
    }
    CHECK(faults > 4);
    CHECK(pair.executed_compiled() > 10'000);
}

TEST_CASE("compiled loops come back for what wants attention") {
    Pair pair;
    if (!pair.can_compile()) return;
    pair.put(Fixture::kCode, {0x48, 0xFF, 0xC0, 0xEB, 0xFB});
    for (int i = 0; i < 10; ++i) pair.run(1000);
    pair.both([](Fixture& f) {
        f.cpu->attention(kWantReturn);
        f.cpu->run(1'000'000'000);
    });
    CHECK(pair.agree());
}

TEST_CASE("compiled loops leave where an instruction goes on on the next page") {
    Pair pair;
    if (!pair.can_compile()) return;
    constexpr std::uint64_t kStart = Fixture::kCode + 0xFE6;
    pair.put(kStart, {
                         0x48, 0xFF, 0xC0,                          // again: inc rax
                         0x48, 0xFF, 0xC3,                          // inc rbx
                         0x48, 0xFF, 0xC2,                          // inc rdx
                         0x48, 0xFF, 0xC6,                          // inc rsi
                         0x48, 0xFF, 0xC7,                          // inc rdi
                         0x48, 0xFF, 0xC5,                          // inc rbp
                         0x49, 0xFF, 0xC0,                          // inc r8
                         0x49, 0xFF, 0xC1,                          // inc r9
                         0x48, 0x81, 0xC1, 0x01, 0x00, 0x00, 0x00,  // add rcx, 1: from 0x1FFE
                         0xEB, 0xDF,                                // jmp again
                     });
    pair.both([](Fixture& f) { f.cpu->rip = kStart; });
    for (int i = 0; i < 50; ++i) {
        pair.run(321);
        REQUIRE(pair.agree());
    }
    CHECK(pair.executed_compiled() > 5000);
}

TEST_CASE("16-bit and 32-bit code is compiled for its segments") {
    for (unsigned bits : {16u, 32u}) {
        CAPTURE(bits);
        Pair pair(bits);
        if (!pair.can_compile()) return;
        // again: add ax, [bx]; inc bx; push ax; pop cx; jmp again (32-bit code: eax, [edi], ebx, eax, ecx)
        pair.put(Fixture::kCode, {0x03, 0x07, 0x43, 0x50, 0x59, 0xEB, 0xF9});
        pair.both([](Fixture& f) {
            f.cpu->gpr[kRbx] = 0x2000;
            f.cpu->gpr[kRdi] = Fixture::kData;
            f.cpu->segments[kDs].base = 0x300;
            f.cpu->mode_changed();
            for (unsigned i = 0; i < 0x1000; ++i) f.ram[0x2000 + i] = static_cast<std::uint8_t>(i * 7);
        });
        for (int i = 0; i < 50; ++i) {
            pair.run(321);
            REQUIRE(pair.agree());
        }
        CHECK(pair.executed_compiled() > 5000);
    }
}

}  // namespace nyx::soft
