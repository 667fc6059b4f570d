// Guest-physical memory as the CPUs see it: RAM and ROM in this process, and which of it has been decoded as code.
//
// Regions are set up once; afterwards any number of CPUs use it at the same time. A page's version grows whenever code
// in it was written to, so that whoever holds decoded blocks of that page finds out (cross-modifying code needs a
// serialising instruction on real CPUs too: SDM volume 3, §9.1.3).
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "runtime/base/bits.h"
#include "runtime/base/result.h"

namespace nyx::soft {

inline constexpr std::uint64_t kPageSize = 4096;
inline constexpr std::uint64_t kPageMask = ~(kPageSize - 1);

// What the CPUs need to know of one page of RAM or ROM.
struct PageState {
    std::atomic<std::uint64_t> code_lines{0};  // bit n: bytes 64n to 64n+63 hold decoded code
    std::atomic<std::uint32_t> version{0};
};

class PhysicalMemory {
  public:
    struct Page {
        std::uint8_t* host = nullptr;  // 4096 bytes
        PageState* state = nullptr;
        bool read_only = false;
    };

    // range is page-aligned and overlaps no other; `host` has range.size bytes and outlives this.
    Status map(Range range, std::uint8_t* host, bool read_only);

    // Nothing: no memory there, so a device or nobody.
    std::optional<Page> find(std::uint64_t physical) const;

    // [physical, physical + size) is inside one page and is about to be decoded.
    void note_code(const Page& page, std::uint64_t physical, std::uint64_t size);
    // Changes whenever a page that had no code gets some.
    std::uint32_t code_epoch() const { return code_epoch_.load(std::memory_order_relaxed); }
    // True: the bytes hold decoded code.
    static bool holds_code(const Page& page, std::uint64_t physical, std::uint64_t size);
    // Code of this page has been, or is about to be, changed.
    static void forget_code(const Page& page);
    // The same for whole ranges, after somebody else (a device, a loader) wrote to memory.
    void wrote(Range range) const;

  private:
    struct Region {
        Range range;
        std::uint8_t* host = nullptr;
        bool read_only = false;
        std::unique_ptr<PageState[]> pages;
    };
    const Region* region_of(std::uint64_t physical) const;

    std::vector<Region> regions_;  // ascending
    std::atomic<std::uint32_t> code_epoch_{0};
};

}  // namespace nyx::soft
