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
        put_entry(entry_at(1) + std::uint64_t{2} * entry_size(), frame | 7 | kPteG);
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

namespace {

// A page of CPL 3, read and mapped to somewhere else again and again: the n-th frame holds n.
struct Contexts : PagingTrial {
    static constexpr std::uint64_t kKeep = std::uint64_t{1} << 63, kPlain = 0x1000, kGlobal = 0x2000;

    Contexts() : PagingTrial(Paging::kLong) {
        set_cr4(kCr4Pge | kCr4Pcide);
        for (std::uint64_t i = 0; i < 16; ++i) set_at<std::uint64_t>(kFrame + i * 0x1000, i);
    }
    void map_to(std::uint64_t number) {
        put_entry(entry_at(1) + 8, (kFrame + number * 0x1000) | 7);
        put_entry(entry_at(1) + 16, (kFrame + number * 0x1000) | 7 | kPteG);
    }
    std::uint64_t value(std::uint64_t page, unsigned cpl = 3) {
        cpu->set_cpl(cpl);
        CHECK_FALSE(touch(Touch::kRead, here + page));
        cpu->set_cpl(0);
        return cpu->gpr[kRax];
    }
    void go_to(std::uint64_t pcid, std::uint64_t keep) {
        run_with(*this, (cpu->control.cr3 & ~0xFFFull) | pcid | keep, {0x0F, 0x22, 0xD8});
    }
    void invalidate(std::uint64_t type, std::uint64_t pcid, std::uint64_t linear = 0) {
        set_at<std::uint64_t>(kData, pcid);
        set_at<std::uint64_t>(kData + 8, linear);
        cpu->gpr[kRbx] = kData;
        run_with(*this, type, {0x66, 0x0F, 0x38, 0x82, 0x03});
    }
    // PCID 1 remembers frame 1, PCID 2 frame 2; the tables say 3, and PCID 1 is current.
    void remember_two() {
        cpu->flush_tlb(true);
        map_to(1);
        go_to(1, 0);
        CHECK(value(kPlain) == 1);
        map_to(2);
        go_to(2, 0);
        CHECK(value(kPlain) == 2);
        map_to(3);
        go_to(1, kKeep);
    }
    std::uint64_t in_context(std::uint64_t pcid) {
        go_to(pcid, kKeep);
        return value(kPlain);
    }
};

}  // namespace

// That pages are remembered is no right of the guest's, but what PCIDs are for.
TEST_CASE("each PCID has its own pages, which bit 63 of CR3 keeps") {
    Contexts t;
    t.remember_two();
    CHECK(t.cpu->control.cr3 < Contexts::kKeep);
    CHECK(t.in_context(1) == 1);
    CHECK(t.in_context(2) == 2);
    CHECK(t.in_context(1) == 1);
    t.go_to(2, 0);
    CHECK(t.value(Contexts::kPlain) == 3);
    CHECK(t.in_context(1) == 1);
    t.go_to(1, 0);
    CHECK(t.value(Contexts::kPlain) == 3);
}

TEST_CASE("global pages are of every PCID") {
    Contexts t;
    t.map_to(1);
    t.go_to(1, 0);
    CHECK(t.value(Contexts::kGlobal) == 1);
    t.map_to(2);
    t.go_to(1, 0);
    CHECK(t.value(Contexts::kGlobal) == 1);
    t.invalidate(1, 1);
    CHECK(t.value(Contexts::kGlobal) == 1);
    t.go_to(2, 0);
    t.invalidate(2, 0);
    t.go_to(1, Contexts::kKeep);
    CHECK(t.value(Contexts::kGlobal) == 2);
}

TEST_CASE("INVPCID reaches contexts that are not current") {
    Contexts t;
    t.remember_two();
    t.invalidate(1, 2);
    CHECK(t.in_context(1) == 1);
    CHECK(t.in_context(2) == 3);
    t.remember_two();
    t.invalidate(0, 2, t.here + Contexts::kPlain);
    CHECK(t.in_context(2) == 3);
    for (std::uint64_t type : {2u, 3u}) {
        t.remember_two();
        t.invalidate(type, 0);
        CHECK(t.in_context(1) == 3);
        CHECK(t.in_context(2) == 3);
    }
}

TEST_CASE("INVLPG, and CR4.PGE and PCIDE when they change, leave nothing to a PCID that comes back") {
    Contexts t;
    t.remember_two();
    t.cpu->gpr[kRbx] = t.here + Contexts::kPlain;
    run_with(t, 0, {0x0F, 0x01, 0x3B});
    CHECK(t.in_context(1) == 3);
    t.remember_two();
    run_with(t, t.cpu->control.cr4 & ~kCr4Pge, {0x0F, 0x22, 0xE0});
    CHECK(t.in_context(2) == 3);
    t.remember_two();
    run_with(t, t.cpu->control.cr4 & ~kCr4Pcide, {0x0F, 0x22, 0xE0});
    CHECK(t.value(Contexts::kPlain) == 3);
}

TEST_CASE("what the system saw with one PCID it does not see with another") {
    Contexts t;
    t.map_to(1);
    t.go_to(1, 0);
    CHECK(t.value(Contexts::kPlain, 0) == 1);
    t.map_to(2);
    t.go_to(2, Contexts::kKeep);
    CHECK(t.value(Contexts::kPlain, 0) == 2);
}

TEST_CASE("more PCIDs than there is room for find nothing of each other's") {
    Contexts t;
    for (std::uint64_t pcid = 1; pcid < 14; ++pcid) {
        t.map_to(pcid);
        t.go_to(pcid, 0);
        CHECK(t.value(Contexts::kPlain) == pcid);
    }
    t.map_to(14);
    for (std::uint64_t pcid = 1; pcid < 14; ++pcid) {
        const std::uint64_t found = t.in_context(pcid);
        CHECK((found == pcid || found == 14));
    }
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
