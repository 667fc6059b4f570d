// Who may touch what by the page tables, in every paging mode (SDM volume 3, §4.6.1, §4.7).
#include "paging_trial.h"

namespace nyx::soft {
namespace {

struct Rights {
    bool user_page, writable, executable;
    bool user, write_protect, smep, smap, ac;
    Touch touch;
};

// Written down from §4.6.1, in its order.
bool is_allowed(const Rights& r) {
    if (r.user) {
        if (!r.user_page) return false;
        return r.touch == Touch::kRead || (r.touch == Touch::kWrite ? r.writable : r.executable);
    }
    if (r.touch == Touch::kExecute) return r.executable && !(r.user_page && r.smep);
    if (r.user_page && r.smap && !r.ac) return false;
    return r.touch == Touch::kRead || r.writable || !r.write_protect;
}

std::uint32_t error_code(const Rights& r, bool has_nx) {
    bool tells_fetch = r.touch == Touch::kExecute && (has_nx || r.smep);
    return 1u | (r.touch == Touch::kWrite ? 2u : 0) | (r.user ? 4u : 0) | (tells_fetch ? 16u : 0);
}

// at_level: of the entry that takes the rights away.
void compare(PagingTrial& t, const Rights& r, int at_level, bool has_nx) {
    t.cpu->control.cr0 = (t.cpu->control.cr0 & ~kCr0Wp) | (r.write_protect ? kCr0Wp : 0);
    t.cpu->set_rflags(r.ac ? kAc : 0);
    t.set_cr4((r.smep ? kCr4Smep : 0) | (r.smap ? kCr4Smap : 0));
    t.set_level(r.user ? 3 : 0);
    t.map(PagingTrial::kFrame | 7);
    std::uint64_t rights = (r.user_page ? kPteU : 0) | (r.writable ? kPteW : 0) | (r.executable ? 0 : kPteNx);
    t.put_entry(t.entry_at(at_level), (t.entry(at_level) & ~(kPteU | kPteW)) | rights);
    t.changed();
    auto fault = t.touch(r.touch);
    CHECK(is_allowed(r) == !fault);
    if (fault) CHECK(*fault == error_code(r, has_nx));
    // Again, with whatever the first time left behind.
    CHECK(t.touch(r.touch) == fault);
}

void compare_all(Paging paging, bool has_nx) {
    PagingTrial t(paging);
    if (has_nx) t.cpu->control.efer |= kEferNxe;
    // An entry of PAE's first level has no rights.
    const int levels = paging == Paging::kPae ? 2 : t.top;
    for (unsigned bits = 0; bits < 1u << 8; ++bits) {
        auto bit = [&](unsigned n) { return (bits >> n & 1) != 0; };
        if (!has_nx && !bit(2)) continue;
        for (Touch touch : {Touch::kRead, Touch::kWrite, Touch::kExecute}) {
            for (int level = 1; level <= levels; ++level) {
                CAPTURE(bits);
                CAPTURE(level);
                CAPTURE(static_cast<int>(touch));
                compare(t, {bit(0), bit(1), bit(2), bit(3), bit(4), bit(5), bit(6), bit(7), touch}, level, has_nx);
            }
        }
    }
}

}  // namespace

TEST_CASE("rights with 32-bit paging") {
    compare_all(Paging::k32, false);
}

TEST_CASE("rights with PAE paging, without NX and with") {
    compare_all(Paging::kPae, false);
    compare_all(Paging::kPae, true);
}

TEST_CASE("rights with 4-level paging, without NX and with") {
    compare_all(Paging::kLong, false);
    compare_all(Paging::kLong, true);
}

TEST_CASE("an entry that is not present faults at every level, whatever its other bits are") {
    for (Paging paging : {Paging::k32, Paging::kPae, Paging::kLong}) {
        PagingTrial t(paging);
        t.set_level(3);
        for (int level = 1; level <= t.top; ++level) {
            CAPTURE(level);
            t.map(PagingTrial::kFrame | 7);
            if (paging == Paging::kPae && level == 3) {
                t.cpu->control.page_pointers[1] = 0;
            } else {
                t.put_entry(t.entry_at(level), ~std::uint64_t{1});
            }
            t.changed();
            CHECK(t.touch(Touch::kRead) == 4u);
            CHECK(t.touch(Touch::kWrite) == 6u);
        }
    }
}

}  // namespace nyx::soft
