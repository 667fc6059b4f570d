// Blocks that go on to one another without a look: what must still be noticed on the way (block.h).
#include <algorithm>
#include <array>
#include <thread>

#include "paging_trial.h"

namespace nyx::soft {
namespace {

constexpr std::uint64_t kSecond = 0x5000;  // where programs of more than one page have the second one

// add eax, amount; jmp back
void put_adder(Fixture& f, std::uint64_t at, std::uint8_t amount, std::uint64_t back) {
    f.put(at, {0x83, 0xC0, amount, 0xE9});
    f.set_at<std::uint32_t>(at + 4, static_cast<std::uint32_t>(back - (at + 8)));
}

// inc ecx; jmp to; at `to`: add eax, 1; jmp back. Four instructions a round.
struct TwoPages : PagingTrial {
    explicit TwoPages(Paging paging = Paging::kLong) : PagingTrial(paging) {
        put(kCode, {0xFF, 0xC1, 0xE9});
        set_at<std::uint32_t>(kCode + 3, static_cast<std::uint32_t>(kSecond - (kCode + 7)));
        put_adder(*this, kSecond, 1, kCode);
        put_adder(*this, kSecond + 0x1000, 2, kCode + 0x1000);  // to be mapped at kSecond
        changed();
    }
    void map_second_to(std::uint64_t frame) { put_entry(kIdentity + std::uint64_t{5} * entry_size(), frame | 7); }
    // What a round adds.
    std::uint64_t round() {
        cpu->rip = kCode;
        const std::uint64_t before = cpu->gpr[kRax];
        cpu->run(40);
        CHECK((cpu->gpr[kRax] - before) % 10 == 0);
        return (cpu->gpr[kRax] - before) / 10;
    }
    void executes(std::initializer_list<std::uint8_t> code) {
        cpu->rip = 0x3000;
        run(code);
    }
};

}  // namespace

TEST_CASE("a block goes on to where its successor is mapped after INVLPG, MOV CR3 and a change of CR4") {
    for (Paging paging : {Paging::k32, Paging::kPae, Paging::kLong}) {
        TwoPages t(paging);
        t.cpu->gpr[kRbx] = kSecond;
        CHECK(t.round() == 1);
        t.map_second_to(kSecond + 0x1000);
        t.executes({0x0F, 0x01, 0x3B});  // invlpg [rbx]
        CHECK(t.round() == 2);
        t.map_second_to(kSecond);
        t.cpu->gpr[kRdx] = t.cpu->control.cr3;
        t.executes({0x0F, 0x22, 0xDA});  // mov cr3, rdx
        CHECK(t.round() == 1);
        t.map_second_to(kSecond + 0x1000);
        t.cpu->gpr[kRdx] = t.cpu->control.cr4 ^ kCr4Pge;
        t.executes({0x0F, 0x22, 0xE2});  // mov cr4, rdx
        CHECK(t.round() == 2);
    }
}

TEST_CASE("a block does not go on into a page that is gone") {
    TwoPages t;
    t.cpu->gpr[kRbx] = kSecond;
    CHECK(t.round() == 1);
    t.put_entry(PagingTrial::kIdentity + 40, 0);
    t.executes({0x0F, 0x01, 0x3B});
    t.raised.reset();
    t.cpu->rip = Fixture::kCode;
    t.cpu->run(3);
    REQUIRE(t.raised);
    CHECK(t.raised->vector == kPageFault);
    CHECK(t.raised->address == kSecond);
}

TEST_CASE("what the system may go on to, user code may not") {
    TwoPages t;
    CHECK(t.round() == 1);
    t.put_entry(PagingTrial::kIdentity + 40, kSecond | 3);
    t.cpu->flush_tlb(true);
    CHECK(t.round() == 1);
    t.cpu->set_cpl(3);
    t.raised.reset();
    t.cpu->rip = Fixture::kCode;
    t.cpu->run(3);
    REQUIRE(t.raised);
    CHECK(t.raised->vector == kPageFault);
    CHECK(t.raised->error_code == 5);
}

TEST_CASE("code that is written to is not gone on to: by itself, by another CPU, by a device") {
    TwoPages t;
    CHECK(t.round() == 1);
    t.cpu->gpr[kRbx] = kSecond + 2;
    t.executes({0xC6, 0x03, 0x05});  // mov byte [rbx], 5
    CHECK(t.round() == 5);

    Cpu other(t.memory, t.around, {}, 1);
    other.segments = t.cpu->segments;
    other.control = t.cpu->control;
    other.control.cr0 &= ~kCr0Pg;
    other.state_replaced();
    other.gpr[kRbx] = kSecond + 2;
    t.put(0x7000, {0xC6, 0x03, 0x06});
    other.rip = 0x7000;
    other.run(1);
    CHECK(t.round() == 6);

    t.ram[kSecond + 2] = 7;
    t.memory.wrote({kSecond, 8});
    CHECK(t.round() == 7);
}

TEST_CASE("a loop that changes the block it goes to runs each change once") {
    Trial t;
    // again: mov [rbx], cl; jmp next; next: add eax, 0 (the byte at rbx); dec ecx; jnz again
    t.put(0x1000, {0x88, 0x0B, 0xEB, 0x00, 0x83, 0xC0, 0x00, 0xFF, 0xC9, 0x75, 0xF5, 0xF4});
    t.cpu->gpr[kRbx] = 0x1006;
    t.cpu->gpr[kRcx] = 100;
    t.cpu->run(500);
    CHECK(t.cpu->gpr[kRax] == 5050);
    CHECK(t.cpu->instructions == 500);
}

TEST_CASE("outside 64-bit code a smaller limit or another base of CS counts at once") {
    Trial t(32);
    t.put(0x1000, {0xFF, 0xC1, 0xE9, 0xF9, 0x3F, 0x00, 0x00});  // inc ecx; jmp 0x5000
    put_adder(t, kSecond, 1, 0x1000);
    t.cpu->run(40);
    CHECK(t.cpu->gpr[kRax] == 10);
    t.cpu->segments[kCs].limit = 0x2000;
    t.cpu->mode_changed();
    t.cpu->rip = 0x1000;
    t.cpu->run(3);
    REQUIRE(t.raised);
    CHECK(t.raised->vector == kGeneralProtection);

    t.cpu->segments[kCs].limit = 0xFFFFFFFF;
    t.cpu->segments[kCs].base = 0x10000;
    t.cpu->mode_changed();
    t.put(0x11000, {0xFF, 0xC1, 0xE9, 0xF9, 0x3F, 0x00, 0x00});
    put_adder(t, 0x10000 + kSecond, 3, 0x11000);
    t.cpu->rip = 0x1000;
    t.cpu->gpr[kRax] = 0;
    t.cpu->run(40);
    CHECK(t.cpu->gpr[kRax] == 30);
}

namespace {

// Every way for a block to end, again and again.
void put_ends(Fixture& f) {
    f.put(0x1000, {
                      0xE8, 0x21, 0x00, 0x00, 0x00,  // again: call f
                      0x48, 0x39, 0xC8,              // cmp rax, rcx
                      0x72, 0x02,                    // jb less
                      0xFF, 0xC2,                    // inc edx
                      0xA8, 0x03,                    // less: test al, 3
                      0x75, 0x02,                    // jnz odd
                      0xFF, 0xC6,                    // inc esi
                      0xFF, 0xD3,                    // odd: call rbx
                      0xFF, 0xC9,                    // dec ecx
                      0xE3, 0x02,                    // jrcxz zero
                      0xEB, 0xE6,                    // jmp again
                      0xFF, 0x27,                    // zero: jmp [rdi]
                      0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90,
                      0x90, 0x90, 0xB9, 0x0A, 0x00, 0x00, 0x00,  // f: mov ecx, 10
                      0x01, 0xC8,                                // more: add eax, ecx
                      0xE2, 0xFC,                                // loop more
                      0x69, 0xC0, 0x6D, 0x4E, 0xC6, 0x41,        // imul eax, eax, 1103515245
                      0x89, 0xC1,                                // mov ecx, eax
                      0x83, 0xE1, 0x01,                          // and ecx, 1
                      0xFF, 0xC1,                                // inc ecx
                      0xC3,                                      // ret
                  });
    f.put(0x2000, {0x55, 0x5D, 0xC3});  // push rbp; pop rbp; ret
    f.cpu->gpr[kRbx] = 0x2000;
    f.cpu->gpr[kRdi] = Fixture::kData;
    f.set_at<std::uint64_t>(Fixture::kData, 0x1000);
}

}  // namespace

TEST_CASE("however many instructions it is asked for, it runs so many, and the same") {
    for (std::uint64_t step : {2u, 3u, 5u, 7u, 13u, 64u, 1000u}) {
        Trial whole, single;
        put_ends(whole);
        put_ends(single);
        bool same = true;
        for (std::uint64_t done = 0; done < 4000 && same; done += step) {
            whole.cpu->run(step);
            for (std::uint64_t i = 0; i < step; ++i) single.cpu->run(1);
            same = whole.cpu->instructions == done + step && whole.cpu->rip == single.cpu->rip &&
                   whole.cpu->gpr == single.cpu->gpr && whole.cpu->rflags() == single.cpu->rflags();
        }
        CAPTURE(step);
        CHECK(same);
        CHECK_FALSE(whole.raised);
    }
}

TEST_CASE("no way to end a block takes room on the host's stack") {
    Trial t;
    put_ends(t);
    t.cpu->run(6'000'000);
    CHECK(t.cpu->instructions == 6'000'000);
    CHECK_FALSE(t.raised);
}

TEST_CASE("a CPU that goes from block to block heeds who wants it back") {
    Trial t;
    t.put(0x1000, {0xEB, 0xFE});  // jmp to itself
    std::thread caller([&] { t.cpu->attention(kWantReturn); });
    t.cpu->run(~0ull >> 1);
    caller.join();
    CHECK(t.cpu->rip == 0x1000);
}

TEST_CASE("a comparison and a jump in one step do what the two do") {
    using Code = std::array<std::uint8_t, 4>;
    constexpr std::array<Code, 18> kComparisons{{
        {0x38, 0xC8, 0x90, 0x90},
        {0x39, 0xC8, 0x90, 0x90},
        {0x48, 0x39, 0xC8, 0x90},
        {0x3C, 0x80, 0x90, 0x90},
        {0x83, 0xF8, 0xFF, 0x90},
        {0x48, 0x83, 0xF8, 0x7F},
        {0x38, 0x0B, 0x90, 0x90},
        {0x39, 0x0B, 0x90, 0x90},
        {0x48, 0x39, 0x0B, 0x90},
        {0x80, 0x3B, 0x80, 0x90},
        {0x83, 0x3B, 0xFF, 0x90},
        {0x48, 0x83, 0x3B, 0x01},
        {0x3A, 0x0B, 0x90, 0x90},
        {0x48, 0x3B, 0x0B, 0x90},
        {0x84, 0xC8, 0x90, 0x90},
        {0x85, 0x0B, 0x90, 0x90},
        {0x48, 0x85, 0xC8, 0x90},
        {0xA8, 0x80, 0x90, 0x90},
    }};
    constexpr std::array<std::uint64_t, 6> kValues{0, 1, 0x7F, 0x80, 0x8000'0000, ~0ull};
    for (const Code& code : kComparisons)
        for (unsigned condition = 0; condition < 16; ++condition) {
            Trial both, each;
            const bool ends_early = code[3] == 0x90;
            const std::size_t length = ends_early ? (code[2] == 0x90 ? 2 : 3) : 4;
            for (Trial* t : {&both, &each}) {
                std::copy_n(code.begin(), length, t->ram + 0x1000);
                t->put(0x1000 + length, {static_cast<std::uint8_t>(0x70 + condition), 0x10});
                t->cpu->gpr[kRbx] = Fixture::kData;
            }
            for (std::uint64_t a : kValues)
                for (std::uint64_t b : kValues) {
                    for (Trial* t : {&both, &each}) {
                        t->cpu->rip = 0x1000;
                        t->cpu->gpr[kRax] = a;
                        t->cpu->gpr[kRcx] = b;
                        t->set_at<std::uint64_t>(Fixture::kData, a);
                    }
                    both.cpu->run(2);
                    each.cpu->run(1);
                    each.cpu->run(1);
                    CHECK(both.cpu->rip == each.cpu->rip);
                    CHECK(both.cpu->rflags() == each.cpu->rflags());
                    CHECK(both.cpu->instructions == each.cpu->instructions);
                }
        }
}

TEST_CASE("a comparison that faults does so before its jump") {
    PagingTrial t(Paging::kLong);
    t.map(0);
    t.cpu->gpr[kRbx] = t.here;
    CHECK_FALSE(t.does({0x83, 0x3B, 0x00, 0x75, 0x10}, 2));  // cmp dword [rbx], 0; jnz
    CHECK(t.cpu->rip == Fixture::kCode);
    CHECK(t.raised->vector == kPageFault);
}

}  // namespace nyx::soft
