// Accesses of a device that a hypervisor may take without an exit, and what the device promises for them.
//
// For each of them the runtime does later, under the device's lock, what an exit would have done at once; before any
// other access of the device, and before it is saved, reset or inspected, all that are outstanding are done, oldest
// first. A device that lists one promises that nobody can tell: for the classes and their proofs see
// docs/devices.md, section 2.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "devices/kit/device.h"

namespace nyx::dev {

// A write of exactly this width, and of this value where there is one, only notifies the host: any number of them may
// be done later, and not in the order in which different doorbells were rung.
struct Doorbell {
    Access access;
    std::optional<std::uint64_t> value;
    bool operator==(const Doorbell&) const = default;
};

struct RegionBytes {
    std::uint32_t region = 0;
    std::uint64_t offset = 0;
    std::uint64_t size = 1;
    bool operator==(const RegionBytes&) const = default;
};

// Writes that lie inside these bytes of a region change only state on which nothing but other accesses depends.
struct QueuedWrites {
    std::uint32_t region = 0;
    std::uint64_t offset = 0;
    std::uint64_t size = 1;
    // They send bytes to the host's terminal as well, which must not wait long.
    bool sends = false;
    // All that only while ExitFreePaths::may_queue() says so, which changes by writes to these bytes (of the guest,
    // which exit) and by a reset. Empty: always.
    std::vector<RegionBytes> decided_by = {};
    bool operator==(const QueuedWrites&) const = default;
};

inline constexpr std::uint64_t kReadPageSize = 4096;
using ReadPageBytes = std::span<std::uint8_t, kReadPageSize>;

// A page of a region, at a multiple of 4096, whose reads have no effect and do not tell the time.
struct ReadPage {
    std::uint32_t region = 0;
    std::uint64_t offset = 0;
    bool operator==(const ReadPage&) const = default;
};

struct ExitFree {
    std::vector<Doorbell> doorbells;
    std::vector<QueuedWrites> queued;
    std::vector<ReadPage> pages;
    bool operator==(const ExitFree&) const = default;
};

// A device that has some (Device::exit_free_paths()). Called with the device's lock held. One without pages need not
// know of them.
class ExitFreePaths {
  public:
    virtual ~ExitFreePaths() = default;
    // Constant for the life of the device; found by the first call, which comes before any other thread's.
    virtual const ExitFree& exit_free() const = 0;
    // Of exit_free().queued[which]: as the device stands.
    virtual bool may_queue(std::size_t /*which*/) const { return true; }
    // What reads of the page give now.
    virtual void fill_page(const ReadPage& /*page*/, ReadPageBytes /*bytes*/) const {}
    // `changed` is called after every operation, of the guest or the host, that may have changed a page, and before an
    // interrupt that says so. Empty: nobody is told.
    virtual void on_change(std::function<void()> /*changed*/) {}
};

}  // namespace nyx::dev
