// Guest-physical memory as the CPUs see it: RAM and ROM in this process, and which of it has been decoded as code.
//
// Regions are set up once; afterwards any number of CPUs use it at the same time. A page's version grows whenever code
// in it was written to, so that whoever holds decoded blocks of that page finds out (cross-modifying code needs a
// serialising instruction on real CPUs too: SDM volume 3, §9.1.3).
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "runtime/base/bits.h"
#include "runtime/base/result.h"
#include "runtime/soft/memory_bus.h"

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
    std::optional<Page> find(std::uint64_t physical) const {
        for (const Region& region : regions_) {  // a machine has a handful
            if (!region.range.contains(physical)) continue;
            const std::uint64_t index = (physical - region.range.base) / kPageSize;
            return Page{region.host + index * kPageSize, &region.pages[index], region.read_only};
        }
        return std::nullopt;
    }

    // [physical, physical + size) is inside one page and is about to be decoded. What is made of it is good for as long
    // as the page has the version that this returns.
    std::uint32_t note_code(const Page& page, std::uint64_t physical, std::uint64_t size);
    // Sets `bit` in `flags` whenever a page that had no code gets some, and after code was written to.
    void watch_code(std::atomic<std::uint32_t>& flags, std::uint32_t bit);
    void unwatch_code(const std::atomic<std::uint32_t>& flags);
    // True: the bytes hold decoded code.
    static bool holds_code(const Page& page, std::uint64_t physical, std::uint64_t size);
    // Code of this page has been, or is about to be, changed.
    void forget_code(const Page& page) const;
    // The same for whole ranges, after somebody else (a device, a loader) wrote to memory.
    void wrote(Range range) const;
    // All of it.
    void forget_all_code() const;

    MemoryBus& bus() { return bus_; }

  private:
    struct Region {
        Range range;
        std::uint8_t* host = nullptr;
        bool read_only = false;
        std::unique_ptr<PageState[]> pages;
    };
    struct Watcher {
        std::atomic<std::uint32_t>* flags = nullptr;
        std::uint32_t bit = 0;
    };
    void tell_watchers() const;

    std::vector<Region> regions_;  // ascending
    mutable std::mutex watchers_lock_;
    std::vector<Watcher> watchers_;
    MemoryBus bus_;
};

}  // namespace nyx::soft
