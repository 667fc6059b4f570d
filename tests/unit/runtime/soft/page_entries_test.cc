// Large pages, reserved bits, accessed and dirty bits (SDM volume 3, §4.3 to §4.5, §4.8).
#include "paging_trial.h"

namespace nyx::soft {
namespace {

constexpr Paging kAll[] = {Paging::k32, Paging::kPae, Paging::kLong};

void set_bits(PagingTrial& t, int level, std::uint64_t bits) {
    t.put_entry(t.entry_at(level), t.entry(level) | bits);
    t.changed();
}

}  // namespace

TEST_CASE("a large page reaches from its first byte to its last") {
    struct Case {
        Paging paging;
        int level;
        std::uint64_t size;
    };
    for (const Case& c : {Case{Paging::k32, 2, 4u << 20}, Case{Paging::kPae, 2, 2u << 20},
                          Case{Paging::kLong, 2, 2u << 20}, Case{Paging::kLong, 3, 1u << 30}}) {
        CAPTURE(c.size);
        PagingTrial t(c.paging);
        t.set_cr4(kCr4Pse);
        t.map_large(c.level, 7);  // from address 0 on
        const std::uint64_t start = t.here & ~(c.size - 1);
        t.set_at<std::uint32_t>(0x2000, 0x11111111);
        t.set_at<std::uint32_t>(0xFFFFC, 0x22222222);
        CHECK_FALSE(t.touch(Touch::kRead, start + 0x2000));
        CHECK(t.cpu->gpr[kRax] == 0x11111111);
        CHECK_FALSE(t.touch(Touch::kRead, start + 0xFFFFC));
        CHECK(t.cpu->gpr[kRax] == 0x22222222);
        CHECK_FALSE(t.touch(Touch::kRead, start + c.size - 4));  // beyond RAM, on nobody's bus
        CHECK(t.cpu->gpr[kRax] == 0xFFFFFFFF);
    }
}

TEST_CASE("without PSE the bit of 4 MiB pages is ignored, PSE-36 reaches beyond 4 GiB") {
    PagingTrial t(Paging::k32);
    set_bits(t, 2, kPtePs);
    CHECK_FALSE(t.touch(Touch::kWrite));
    CHECK(t.at<std::uint32_t>(PagingTrial::kFrame) == static_cast<std::uint32_t>(t.cpu->gpr[kRax]));
    t.set_cr4(kCr4Pse);
    // Bits 20 to 13 are bits 39 to 32 of the address: nobody is there, where 0 would be RAM.
    t.set_at<std::uint32_t>(0x1000, 0x12345678);
    t.map_large(2, 7 | 1u << 13);
    CHECK_FALSE(t.touch(Touch::kRead));
    CHECK(t.cpu->gpr[kRax] == 0xFFFFFFFF);
    t.map_large(2, 7 | 1u << 21);
    CHECK(t.touch(Touch::kRead) == 0x9u);
}

TEST_CASE("reserved bits of a present entry fault with their own bit of the error code") {
    for (Paging paging : {Paging::kPae, Paging::kLong}) {
        PagingTrial t(paging);
        const int levels = paging == Paging::kPae ? 2 : 4;
        for (int level = 1; level <= levels; ++level) {
            for (unsigned bit : {46u, 51u, 52u, 62u, 63u}) {
                CAPTURE(level);
                CAPTURE(bit);
                t.map(PagingTrial::kFrame | 7);
                set_bits(t, level, std::uint64_t{1} << bit);
                // Bits 52 to 62 are free in 4-level paging and reserved in PAE's; 63 without NXE in both.
                const bool is_free = paging == Paging::kLong && bit >= 52 && bit != 63;
                CHECK(t.touch(Touch::kWrite).value_or(0) == (is_free ? 0 : 0xBu));
            }
        }
    }
}

TEST_CASE("the address bits of large pages below their size are reserved, PS is in the topmost level") {
    for (Paging paging : {Paging::kPae, Paging::kLong}) {
        PagingTrial t(paging);
        t.map_large(2, 7 | 1u << 12);  // the PAT's bit
        CHECK_FALSE(t.touch(Touch::kRead));
        t.map_large(2, 7 | 1u << 13);
        CHECK(t.touch(Touch::kRead) == 0x9u);
        t.map_large(2, 7 | 1u << 20);
        CHECK(t.touch(Touch::kRead) == 0x9u);
    }
    PagingTrial t(Paging::kLong);
    t.map_large(3, 7 | 1u << 29);
    CHECK(t.touch(Touch::kRead) == 0x9u);
    t.map(PagingTrial::kFrame | 7);
    set_bits(t, 4, kPtePs);
    CHECK(t.touch(Touch::kRead) == 0x9u);
}

TEST_CASE("reading sets accessed bits on the whole way, writing the dirty bit at its end") {
    for (Paging paging : kAll) {
        PagingTrial t(paging);
        const int levels = paging == Paging::kPae ? 2 : t.top;
        CHECK_FALSE(t.touch(Touch::kRead));
        for (int level = 1; level <= levels; ++level) CHECK((t.entry(level) & (kPteA | kPteD)) == kPteA);
        if (paging == Paging::kPae) CHECK((t.at<std::uint64_t>(t.entry_at(3)) & kPteA) == 0);
        CHECK_FALSE(t.touch(Touch::kWrite));
        CHECK((t.entry(1) & (kPteA | kPteD)) == (kPteA | kPteD));
        CHECK((t.entry(2) & kPteD) == 0);
    }
}

TEST_CASE("an access that is refused leaves no dirty bit, on neither page that it would touch") {
    for (Paging paging : kAll) {
        PagingTrial t(paging);
        t.set_level(3);
        t.map(PagingTrial::kFrame | kPteP | kPteU);
        CHECK(t.touch(Touch::kWrite) == 7u);
        CHECK((t.entry(1) & kPteD) == 0);
        // Over the end of a page that may be written to, into one that may not.
        t.map(PagingTrial::kFrame | 7);
        t.put_entry(t.entry_at(1) + t.entry_size(), PagingTrial::kFrame | 0x1000 | kPteP | kPteU);
        t.set_at<std::uint32_t>(PagingTrial::kFrame + 0xFFC, 0x55555555);
        t.cpu->rip = Fixture::kCode;
        t.cpu->gpr[kRbx] = t.here + 0xFFE;
        CHECK_FALSE(t.does({0x89, 0x03}));
        CHECK(t.raised->vector == kPageFault);
        CHECK(t.raised->address == t.here + 0x1000);
        CHECK((t.entry(1) & kPteD) == 0);
        CHECK(t.at<std::uint32_t>(PagingTrial::kFrame + 0xFFC) == 0x55555555);
    }
}

TEST_CASE("an access over the end of a page finds both parts") {
    for (Paging paging : kAll) {
        PagingTrial t(paging);
        t.put_entry(t.entry_at(1) + t.entry_size(), PagingTrial::kFrame | 0x3000 | 7);
        t.changed();
        t.cpu->gpr[kRax] = 0xA1B2C3D4;
        t.cpu->gpr[kRbx] = t.here + 0xFFD;
        CHECK(t.does({0x89, 0x03}));
        CHECK(t.at<std::uint8_t>(PagingTrial::kFrame + 0xFFF) == 0xB2);
        CHECK(t.at<std::uint8_t>(PagingTrial::kFrame + 0x3000) == 0xA1);
        t.cpu->gpr[kRax] = 0;
        CHECK(t.does({0x8B, 0x03}));
        CHECK(t.cpu->gpr[kRax] == 0xA1B2C3D4);
    }
}

}  // namespace nyx::soft
