// The guest's RAM as the host sees it: which guest-physical ranges exist and where each lies in this process.
//
// Every access is checked against the regions as a whole first: it either happens completely or not at all, and never
// touches anything that is not RAM. An access may run across regions that touch each other. Does not own the memory.
// Constant after creation, so it may be used from any thread; the bytes themselves belong to the guest, whose CPUs may
// change them at any moment: copy once, then check.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "runtime/base/bits.h"
#include "runtime/base/bytes.h"
#include "runtime/base/result.h"

namespace nyx::dev {

class GuestMemory {
  public:
    struct Region {
        Range gpa;
        std::uint8_t* host = nullptr;  // gpa.size bytes
    };

    GuestMemory() = default;
    // Any order. Refuses empty, wrapping and overlapping regions.
    static Result<GuestMemory> create(std::vector<Region> regions);

    // Ascending.
    std::span<const Region> regions() const { return regions_; }
    std::uint64_t size() const;
    bool contains(std::uint64_t gpa, std::uint64_t size) const;

    Status read(std::uint64_t gpa, std::span<std::uint8_t> out) const;
    Status write(std::uint64_t gpa, ByteView bytes) const;
    Status zero(std::uint64_t gpa, std::uint64_t size) const;

    // The host bytes of [gpa, gpa + size), if that is RAM inside one region. An empty range is a span of nothing inside
    // RAM.
    std::optional<std::span<std::uint8_t>> host_range(std::uint64_t gpa, std::uint64_t size) const;

    // An integer, little-endian, as the guest stores it.
    template <class T>
    Result<T> read_value(std::uint64_t gpa) const {
        std::uint8_t bytes[sizeof(T)];
        NYX_TRY(read(gpa, bytes));
        return load_le<T>(bytes);
    }
    template <class T>
    Status write_value(std::uint64_t gpa, T value) const {
        std::uint8_t bytes[sizeof(T)];
        store_le(bytes, value);
        return write(gpa, bytes);
    }

  private:
    explicit GuestMemory(std::vector<Region> regions) : regions_(std::move(regions)) {}
    const Region* find(std::uint64_t gpa) const;
    // Calls part(host bytes) for each piece, in order, or fails before the first.
    template <class Part>
    Status for_each_part(std::uint64_t gpa, std::uint64_t size, Part part) const;

    std::vector<Region> regions_;
};

}  // namespace nyx::dev
