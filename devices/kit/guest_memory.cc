#include "devices/kit/guest_memory.h"

#include <algorithm>
#include <cstring>

namespace nyx::dev {

Result<GuestMemory> GuestMemory::create(std::vector<Region> regions) {
    std::ranges::sort(regions, {}, [](const Region& region) { return region.gpa.base; });
    for (std::size_t i = 0; i < regions.size(); ++i) {
        Range gpa = regions[i].gpa;
        if (gpa.size == 0 || !checked_add(gpa.base, gpa.size))
            return fail(ErrorCode::kInvalidArgument, "RAM at {:#x} of {:#x} bytes is not a range", gpa.base, gpa.size);
        if (i > 0 && regions[i - 1].gpa.overlaps(gpa))
            return fail(ErrorCode::kInvalidArgument, "RAM at {:#x} overlaps RAM at {:#x}", gpa.base,
                        regions[i - 1].gpa.base);
    }
    return GuestMemory(std::move(regions));
}

std::uint64_t GuestMemory::size() const {
    std::uint64_t total = 0;
    for (const Region& region : regions_) total += region.gpa.size;
    return total;
}

const GuestMemory::Region* GuestMemory::find(std::uint64_t gpa) const {
    auto after = std::ranges::upper_bound(regions_, gpa, {}, [](const Region& region) { return region.gpa.base; });
    if (after == regions_.begin()) return nullptr;
    const Region& region = *std::prev(after);
    return region.gpa.contains(gpa) ? &region : nullptr;
}

bool GuestMemory::contains(std::uint64_t gpa, std::uint64_t size) const {
    if (!checked_add(gpa, size)) return false;
    do {
        const Region* region = find(gpa);
        if (!region) return false;
        std::uint64_t part = std::min(size, region->gpa.end() - gpa);
        gpa += part;
        size -= part;
    } while (size > 0);
    return true;
}

std::optional<std::span<std::uint8_t>> GuestMemory::host_range(std::uint64_t gpa, std::uint64_t size) const {
    const Region* region = find(gpa);
    if (!region || size > region->gpa.end() - gpa) return std::nullopt;
    return std::span(region->host + (gpa - region->gpa.base), size);
}

template <class Part>
Status GuestMemory::for_each_part(std::uint64_t gpa, std::uint64_t size, Part part) const {
    if (size == 0) return {};
    if (!contains(gpa, size))
        return fail(ErrorCode::kInvalidArgument, "{:#x} bytes at {:#x} are not guest RAM", size, gpa);
    while (size > 0) {
        const Region* region = find(gpa);
        std::uint64_t offset = gpa - region->gpa.base;
        std::uint64_t length = std::min(size, region->gpa.size - offset);
        part(std::span(region->host + offset, length));
        gpa += length;
        size -= length;
    }
    return {};
}

Status GuestMemory::read(std::uint64_t gpa, std::span<std::uint8_t> out) const {
    std::uint8_t* to = out.data();
    return for_each_part(gpa, out.size(), [&](std::span<std::uint8_t> part) {
        std::memcpy(to, part.data(), part.size());
        to += part.size();
    });
}

Status GuestMemory::write(std::uint64_t gpa, ByteView bytes) const {
    const std::uint8_t* from = bytes.data();
    return for_each_part(gpa, bytes.size(), [&](std::span<std::uint8_t> part) {
        std::memcpy(part.data(), from, part.size());
        from += part.size();
    });
}

Status GuestMemory::zero(std::uint64_t gpa, std::uint64_t size) const {
    return for_each_part(gpa, size, [](std::span<std::uint8_t> part) { std::memset(part.data(), 0, part.size()); });
}

}  // namespace nyx::dev
