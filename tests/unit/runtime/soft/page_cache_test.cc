// What CR3, CR4, INVPCID and faults make the CPU forget of its page tables (SDM volume 3, §4.10.4).
#include "paging_trial.h"

namespace nyx::soft {
namespace {

constexpr std::uint64_t kOther = PagingTrial::kFrame + 0x1000, kPlain = 0x1000, kGlobal = 0x2000;  // from `here` on

// Two pages, one of them global, both read once, and then mapped to somewhere else. `here` itself would share an entry
// of our TLB with the code.
struct Cached : PagingTrial {
    explicit Cached(Paging paging) : PagingTrial(paging) {
        set_cr4(kCr4Pge);
        set_level(0);
        set_at<std::uint32_t>(kFrame, 1);
        set_at<std::uint32_t>(kOther, 2);
        remember();
    }
    void remember() {
        put_both(kFrame);
        cpu->flush_tlb(true);
        CHECK(value(here + kPlain) == 1);
        CHECK(value(here + kGlobal) == 1);
        put_both(kOther);
    }
    std::uint64_t value(std::uint64_t linear) {
        CHECK_FALSE(touch(Touch::kRead, linear));
        return cpu->gpr[kRax];
    }
    // What is there now: 1 where it has been remembered, 2 where not.
    void check(std::uint64_t plain, std::uint64_t global) {
        CHECK(value(here + kPlain) == plain);
        CHECK(value(here + kGlobal) == global);
        remember();
    }

  private:
    void put_both(std::uint64_t frame) {
        put_entry(entry_at(1) + entry_size(), frame | 7);
        put_entry(entry_at(1) + 2 * entry_size(), frame | 7 | kPteG);
    }
};

void run_with(PagingTrial& t, std::uint64_t rax, std::initializer_list<std::uint8_t> code) {
    t.cpu->rip = Fixture::kCode;
    t.cpu->gpr[kRax] = rax;
    CHECK(t.does(code));
}

}  // namespace

TEST_CASE("MOV CR3 forgets all but global pages, a change of CR4.PGE or CR0.PG everything") {
    for (Paging paging : {Paging::k32, Paging::kPae, Paging::kLong}) {
        Cached t(paging);
        t.check(1, 1);
        run_with(t, t.cpu->control.cr3, {0x0F, 0x22, 0xD8});
        t.check(2, 1);
        run_with(t, t.cpu->control.cr4 & ~kCr4Pge, {0x0F, 0x22, 0xE0});
        CHECK(t.value(t.here + kGlobal) == 2);
        run_with(t, t.cpu->control.cr4 | kCr4Pge, {0x0F, 0x22, 0xE0});
        t.remember();
        run_with(t, t.cpu->control.cr4 | kCr4Smep, {0x0F, 0x22, 0xE0});
        CHECK(t.value(t.here + kPlain) == 2);
    }
}

TEST_CASE("INVPCID: one address, one context, all with and without global pages") {
    Cached t(Paging::kLong);
    t.cpu->gpr[kRbx] = Fixture::kData;
    auto invalidate = [&](std::uint64_t type, std::uint64_t linear) {
        t.set_at<std::uint64_t>(Fixture::kData, 0);
        t.set_at<std::uint64_t>(Fixture::kData + 8, linear);
        t.cpu->gpr[kRbx] = Fixture::kData;
        run_with(t, type, {0x66, 0x0F, 0x38, 0x82, 0x03});
    };
    invalidate(0, t.here + kPlain);
    t.check(2, 1);
    invalidate(1, 0);
    t.check(2, 1);
    invalidate(3, 0);
    t.check(2, 1);
    invalidate(2, 0);
    t.check(2, 2);
}

TEST_CASE("bit 63 of CR3 lets pages be remembered, no bit makes them wrong") {
    Cached t(Paging::kLong);
    t.set_cr4(kCr4Pge | kCr4Pcide);
    t.remember();
    run_with(t, t.cpu->control.cr3 | 5, {0x0F, 0x22, 0xD8});  // another PCID
    CHECK(t.value(t.here + kPlain) == 2);
}

TEST_CASE("rights that grew are seen without INVLPG, after the fault at the latest") {
    PagingTrial t(Paging::kLong);
    t.set_level(3);
    t.map(PagingTrial::kFrame | kPteP | kPteU);
    CHECK_FALSE(t.touch(Touch::kRead));
    CHECK(t.touch(Touch::kWrite) == 7u);
    t.put_entry(t.entry_at(1), PagingTrial::kFrame | 7);
    CHECK_FALSE(t.touch(Touch::kWrite));
}

TEST_CASE("a dirty bit that was cleared comes back after INVLPG") {
    PagingTrial t(Paging::kLong);
    CHECK_FALSE(t.touch(Touch::kWrite));
    t.put_entry(t.entry_at(1), PagingTrial::kFrame | 7);
    t.cpu->gpr[kRbx] = t.here;
    run_with(t, 0, {0x0F, 0x01, 0x3B});
    CHECK_FALSE(t.touch(Touch::kRead));
    CHECK((t.entry(1) & kPteD) == 0);
    CHECK_FALSE(t.touch(Touch::kWrite));
    CHECK((t.entry(1) & kPteD) != 0);
}

TEST_CASE("CR0.WP and EFER.NXE count at once") {
    PagingTrial t(Paging::kLong);
    t.map(PagingTrial::kFrame | kPteP);
    CHECK_FALSE(t.touch(Touch::kWrite));
    run_with(t, t.cpu->control.cr0 | kCr0Wp, {0x0F, 0x22, 0xC0});
    CHECK(t.touch(Touch::kWrite) == 3u);
    t.map(PagingTrial::kFrame | 7 | kPteNx);
    CHECK(t.touch(Touch::kRead) == 9u);
    t.cpu->gpr[kRcx] = 0xC0000080;
    t.cpu->gpr[kRdx] = 0;
    run_with(t, kEferLme | kEferNxe, {0x0F, 0x30});
    CHECK_FALSE(t.touch(Touch::kRead));
}

}  // namespace nyx::soft
