// Translations that a CPU has already made (Intel SDM volume 3, §4.10), in a form that an access checks in two
// instructions.
//
// There are tables of data for each way the CPU may look at pages, because what is allowed differs, and of code for
// user and system (translations.h). A data entry's tags hold the linear address of the page for each kind of access
// that needs no further thought; anything else (devices, ROM writes, pages with decoded code, permission) has a tag
// that no address matches, and takes the slow path.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "runtime/soft/physical_memory.h"

namespace nyx::soft {

inline constexpr std::uint64_t kNoPage = 1;  // a tag that no page address is equal to

struct TlbEntry {
    std::uint64_t read = kNoPage;
    std::uint64_t write = kNoPage;
    std::uint64_t addend = 0;  // host address minus linear address
    std::uint64_t page = kNoPage;

    bool is_in(std::uint64_t base, std::uint64_t size) const { return (page & ~(size - 1)) == base && page != kNoPage; }
};

struct CodeEntry {
    std::uint64_t page = kNoPage;  // linear
    PhysicalMemory::Page memory;

    bool is_in(std::uint64_t base, std::uint64_t size) const { return (page & ~(size - 1)) == base && page != kNoPage; }
};

// Direct-mapped. Forgetting costs as much as has been remembered since the last time.
template <class Entry, std::size_t kEntries>
class Tlb {
  public:
    Entry& at(std::uint64_t linear) { return entries_[number(linear)]; }
    // True: another page had to go.
    bool set(std::uint64_t linear, const Entry& entry, bool is_global) {
        const std::size_t slot = number(linear);
        const std::uint64_t before = entries_[slot].page;
        if (before == kNoPage || is_global_[slot] != is_global) note(slot, is_global);
        entries_[slot] = entry;
        is_global_[slot] = is_global;
        return before != kNoPage && before != entry.page;
    }
    void flush() {
        flush_all_but_global();
        drop(global_, true);
    }
    // True: there was something.
    bool flush_all_but_global() { return drop(plain_, false); }
    bool has_global() const { return !global_.empty(); }
    // [base, base + size), a power of two. True: there was something.
    bool flush_range(std::uint64_t base, std::uint64_t size) {
        bool found = false;
        for (Entry& entry : entries_) {
            if (!entry.is_in(base, size)) continue;
            entry = {};
            found = true;
        }
        return found;
    }
    // True: it was there.
    bool flush_page(std::uint64_t linear) {
        Entry& entry = at(linear);
        if (entry.page != (linear & kPageMask)) return false;
        entry = {};
        return true;
    }
    std::array<Entry, kEntries>& entries() { return entries_; }

  private:
    static std::size_t number(std::uint64_t linear) { return (linear / kPageSize) % kEntries; }

    void note(std::size_t slot, bool is_global) {
        auto& list = is_global ? global_ : plain_;
        if (list.size() < 4 * kEntries) list.push_back(static_cast<std::uint16_t>(slot));
    }
    bool drop(std::vector<std::uint16_t>& list, bool is_global) {
        auto drop_slot = [&](std::size_t slot) {
            if (is_global_[slot] == is_global) entries_[slot] = {};
        };
        if (list.size() < 4 * kEntries)
            for (std::uint16_t slot : list) drop_slot(slot);
        else  // more has come and gone than was written down
            for (std::size_t slot = 0; slot < kEntries; ++slot) drop_slot(slot);
        const bool had_any = !list.empty();
        list.clear();
        return had_any;
    }

    std::array<Entry, kEntries> entries_{};
    std::array<bool, kEntries> is_global_{};
    // Slots that have been filled since the last flush; some more than once.
    std::vector<std::uint16_t> plain_, global_;
};

// A kernel's text is some 8 MiB in one piece; its data is anywhere.
using DataTlb = Tlb<TlbEntry, 2048>;
using CodeTlb = Tlb<CodeEntry, 2048>;

// User: CPL 3. System: the rest. Open: system code that may touch user pages although CR4.SMAP is set (RFLAGS.AC).
enum class View : std::uint8_t { kUser, kSystem, kOpen };

}  // namespace nyx::soft
