// Translations that a CPU has already made (Intel SDM volume 3, §4.10), in a form that an access checks in two
// instructions.
//
// One table for each way the CPU may look at pages, because what is allowed differs. An entry's tags hold the linear
// address of the page for each kind of access that needs no further thought; anything else (devices, ROM writes, pages
// with decoded code, permission) has a tag that no address matches, and takes the slow path.
#pragma once

#include <array>
#include <cstdint>

#include "runtime/soft/physical_memory.h"

namespace nyx::soft {

struct TlbEntry {
    static constexpr std::uint64_t kNever = 1;  // not a page address
    std::uint64_t read = kNever;
    std::uint64_t write = kNever;
    std::uint64_t execute = kNever;
    std::uint64_t addend = 0;  // host address minus linear address

    bool is_in(std::uint64_t base, std::uint64_t size) const {
        auto matches = [&](std::uint64_t tag) { return (tag & ~(size - 1)) == base && tag != kNever; };
        return matches(read) || matches(write) || matches(execute);
    }
};

class Tlb {
  public:
    static constexpr std::size_t kEntries = 512;

    TlbEntry& at(std::uint64_t linear) { return entries_[number(linear)]; }
    void set(std::uint64_t linear, const TlbEntry& entry, bool is_global) {
        is_empty_ = false;
        at(linear) = entry;
        is_global_[number(linear)] = is_global;
    }
    void flush() {
        if (!is_empty_) entries_.fill({});
        is_empty_ = true;
    }
    void flush_all_but_global() {
        if (is_empty_) return;
        for (std::size_t i = 0; i < kEntries; ++i)
            if (!is_global_[i]) entries_[i] = {};
    }
    // [base, base + size), a power of two.
    void flush_range(std::uint64_t base, std::uint64_t size) {
        for (TlbEntry& entry : entries_)
            if (entry.is_in(base, size)) entry = {};
    }
    void flush_page(std::uint64_t linear) { at(linear) = {}; }
    std::array<TlbEntry, kEntries>& entries() { return entries_; }

  private:
    static std::size_t number(std::uint64_t linear) { return (linear / kPageSize) % kEntries; }

    std::array<TlbEntry, kEntries> entries_{};
    std::array<bool, kEntries> is_global_{};
    bool is_empty_ = true;
};

// User: CPL 3. System: the rest. Open: system code that may touch user pages although CR4.SMAP is set (RFLAGS.AC).
enum class View : std::uint8_t { kUser, kSystem, kOpen };

}  // namespace nyx::soft
