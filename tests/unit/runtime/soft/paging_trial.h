// A CPU with page tables: memory is mapped to itself, and one page of the test's choice lies at `here`.
#pragma once

#include "trial.h"

namespace nyx::soft {

enum class Paging : std::uint8_t { k32, kPae, kLong };

// Of entries (SDM volume 3, §4.5).
inline constexpr std::uint64_t kPteP = 1, kPteW = 2, kPteU = 4, kPteA = 0x20, kPteD = 0x40, kPtePs = 0x80,
                               kPteG = 0x100, kPteNx = std::uint64_t{1} << 63;

struct PagingTrial : Trial {
    static constexpr std::uint64_t kTables = 0x40000, kFrame = 0x80000;
    static constexpr std::uint64_t kIdentity = kTables + 0x6000;  // the last level of what maps to itself

    const Paging kind;
    const int top;                  // number of levels
    const std::uint64_t here;       // second entry of each of its tables
    std::uint64_t table_flags = 7;  // of the entries above the last one

    explicit PagingTrial(Paging paging)
        : Trial(paging == Paging::kLong ? 64 : 32),
          kind(paging),
          top(paging == Paging::kLong  ? 4
              : paging == Paging::kPae ? 3
                                       : 2),
          here(paging == Paging::kLong  ? 0x80'4020'1000
               : paging == Paging::kPae ? 0x4020'1000
                                        : 0x0040'1000) {
        for (int level = top; level > 1; --level) {
            const bool is_pointer = paging == Paging::kPae && level == 3;
            put_entry(level == top ? table(top) : identity_table(level),
                      identity_table(level - 1) + (is_pointer ? 1 : 7));
        }
        map_identity(kPteU | kPteW | kPteP);
        put_entry(entry_at(top), table(top - 1) + (paging == Paging::kPae ? 1 : 7));
        map(kFrame | 7);
        cpu->control.cr3 = table(top);
        cpu->control.cr4 = paging == Paging::k32 ? 0 : kCr4Pae;
        cpu->control.cr0 |= kCr0Pg;
        cpu->control.page_pointers = {identity_table(2) + 1, table(2) + 1, 0, 0};
        changed();
    }
    // After anything was set from outside.
    void changed() {
        cpu->flush_tlb(true);
        cpu->mode_changed();
    }
    void set_cr4(std::uint64_t bits) {
        cpu->control.cr4 = bits | (kind == Paging::k32 ? 0 : kCr4Pae);
        changed();
    }
    unsigned entry_size() const { return kind == Paging::k32 ? 4 : 8; }
    std::uint64_t table(int level) const { return kTables + static_cast<std::uint64_t>(level - 1) * 0x1000; }
    // Where the entry for `here` of this level is; level 1 is the last.
    std::uint64_t entry_at(int level) const { return table(level) + entry_size(); }
    std::uint64_t entry(int level) const {
        return entry_size() == 8 ? at<std::uint64_t>(entry_at(level)) : at<std::uint32_t>(entry_at(level));
    }
    void put_entry(std::uint64_t where, std::uint64_t value) {
        if (entry_size() == 8)
            set_at<std::uint64_t>(where, value);
        else
            set_at<std::uint32_t>(where, static_cast<std::uint32_t>(value));
    }
    // What lies at `here`, and as what.
    void map(std::uint64_t last_entry) {
        for (int level = top - 1; level > 1; --level) put_entry(entry_at(level), table(level - 1) | table_flags);
        if (kind != Paging::kPae) put_entry(entry_at(top), table(top - 1) | table_flags);
        put_entry(entry_at(1), last_entry);
        cpu->flush_tlb(true);
    }
    // A large page at `here`, in a table above the last level.
    void map_large(int level, std::uint64_t entry_value) {
        for (int above = top - 1; above > level; --above) put_entry(entry_at(above), table(above - 1) | table_flags);
        put_entry(entry_at(level), entry_value | kPtePs);
        cpu->flush_tlb(true);
    }
    void map_identity(std::uint64_t flags) {
        for (std::uint64_t i = 0; i < kRamSize / 0x1000; ++i)
            put_entry(kIdentity + i * entry_size(), i * 0x1000 | flags);
        cpu->flush_tlb(true);
    }
    // Its code is where everything is itself, with rights that let it run.
    void set_level(unsigned cpl) {
        map_identity(kPteW | kPteP | (cpl == 3 ? kPteU : 0));
        cpu->set_cpl(cpl);
    }

    // Error code of the page fault that touching this address leads to; nothing: it can be touched. Another exception
    // is 0x100 plus its vector.
    std::optional<std::uint32_t> touch(Touch how, std::uint64_t linear) {
        cpu->rip = kCode;
        cpu->gpr[kRbx] = linear;
        bool ok = how == Touch::kRead ? does({0x8B, 0x03}) : how == Touch::kWrite ? does({0x89, 0x03}) : jumps();
        if (ok) return std::nullopt;
        if (raised->vector != kPageFault) return 0x100u + raised->vector;
        CHECK(raised->address == linear);
        return raised->error_code;
    }
    std::optional<std::uint32_t> touch(Touch how) { return touch(how, here); }

  private:
    std::uint64_t identity_table(int level) const { return kIdentity + static_cast<std::uint64_t>(level - 1) * 0x1000; }
    bool jumps() {
        ram[kFrame] = 0x90;
        ram[kFrame + 1] = 0xF4;
        return does({0xFF, 0xE3}, 2);
    }
};

}  // namespace nyx::soft
