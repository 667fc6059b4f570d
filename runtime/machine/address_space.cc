#include "runtime/machine/address_space.h"

#include <algorithm>
#include <new>

#include "runtime/base/bytes.h"
#include "runtime/base/check.h"
#include "runtime/base/log.h"
#include "runtime/machine/access_value.h"
#include "runtime/machine/native_access.h"

namespace nyx::vm {
namespace {

constexpr std::uint64_t kPorts = 0x10000;

// The largest width a device takes that is not above `size`.
std::size_t piece_width(std::size_t size) {
    if (size >= 8) return 8;
    if (size >= 4) return 4;
    return size >= 2 ? 2 : 1;
}

dev::Access access_to(const AddressSpace::Region& region, std::uint64_t address, std::size_t width) {
    return {region.index, address - region.range.base, static_cast<std::uint8_t>(width)};
}

Status check_regions(std::vector<AddressSpace::Region>& regions, std::uint64_t limit, const char* what) {
    std::sort(regions.begin(), regions.end(), [](auto& a, auto& b) { return a.range.base < b.range.base; });
    std::uint64_t free_from = 0;
    for (const AddressSpace::Region& region : regions) {
        auto end = checked_add(region.range.base, region.range.size);
        if (region.range.size == 0 || !end || *end > limit || region.range.base < free_from)
            return fail(ErrorCode::kInvalidArgument, "{}: {} {:#x} size {:#x} overlaps another or leaves the space",
                        region.slot->name, what, region.range.base, region.range.size);
        free_from = *end;
    }
    return {};
}

}  // namespace

std::size_t counter_of(const DeviceSlot& slot, const dev::Access& access, bool is_write) {
    std::uint32_t reg = slot.device->select(access, is_write);
    std::size_t row = reg == dev::kNoRegister ? slot.device->registers().size() : reg;
    return slot.first_counter + 2 * row + (is_write ? 1 : 0);
}

std::uint64_t read_device(DeviceSlot& slot, const dev::Access& access, AddressSpace::Accessor& accessor) {
    DeviceGuard guard(slot, accessor.vcpu);
    accessor.counters.count_register(counter_of(slot, access, false));
    return slot.device->read(access);
}

void write_device(DeviceSlot& slot, const dev::Access& access, std::uint64_t value, AddressSpace::Accessor& accessor) {
    DeviceGuard guard(slot, accessor.vcpu);
    accessor.counters.count_register(counter_of(slot, access, true));
    slot.device->write(access, value);
}

Result<AddressSpace> AddressSpace::create(std::vector<Region> ports, std::vector<Region> memory) {
    NYX_TRY(check_regions(ports, kPorts, "ports"));
    NYX_TRY(check_regions(memory, ~std::uint64_t{0}, "memory"));
    AddressSpace space;
    space.ports_ = std::move(ports);
    space.memory_ = std::move(memory);
    // calloc's pages stay the kernel's zero page until a region is entered.
    space.by_port_.reset(static_cast<std::uint16_t*>(std::calloc(kPorts, sizeof(std::uint16_t))));
    if (!space.by_port_) return fail(ErrorCode::kResource, "out of memory");
    for (std::size_t i = 0; i < space.ports_.size(); ++i) {
        Range range = space.ports_[i].range;
        std::fill_n(space.by_port_.get() + range.base, range.size, static_cast<std::uint16_t>(i + 1));
    }
    return space;
}

const AddressSpace::Region* AddressSpace::find_memory(std::uint64_t address) const {
    auto after = std::upper_bound(memory_.begin(), memory_.end(), address,
                                  [](std::uint64_t value, const Region& region) { return value < region.range.base; });
    if (after == memory_.begin()) return nullptr;
    const Region& region = *std::prev(after);
    return region.range.contains(address) ? &region : nullptr;
}

const AddressSpace::Region* AddressSpace::find(Space space, std::uint64_t address, Accessor& accessor) const {
    if (space == Space::kPio) {
        std::uint16_t entry = address < kPorts ? by_port_[address] : 0;
        return entry == 0 ? nullptr : &ports_[entry - 1u];
    }
    if (accessor.last_mmio != nullptr && accessor.last_mmio->range.contains(address)) return accessor.last_mmio;
    const Region* region = find_memory(address);
    if (region != nullptr) accessor.last_mmio = region;
    return region;
}

template <class One>
void AddressSpace::for_each_piece(Space space, std::uint64_t address, std::size_t size, Accessor& accessor,
                                  One one) const {
    const Region* first = find(space, address, accessor);
    if (first != nullptr && size <= first->range.end() - address) {
        for (std::size_t at = 0, width = 0; at < size; at += width) {
            width = piece_width(size - at);
            one(first, at, width);
        }
        return;
    }
    const bool config_address = space == Space::kPio && address == dev::kPciConfigAddress && size == 4;
    if (config_address && (first == nullptr || first->range.size == 1)) return one(first, 0, size);
    bool claimed = false;
    for (std::size_t at = 0; at < size; ++at) claimed |= find(space, address + at, accessor) != nullptr;
    if (!claimed) return one(nullptr, 0, size);
    for (std::size_t at = 0; at < size; ++at) one(find(space, address + at, accessor), at, 1);
}

void AddressSpace::note_unclaimed(Space space, std::uint64_t address, bool is_write, Accessor& accessor) {
    if (!accessor.counters.count_unclaimed({space, address, is_write})) return;
    log_info("the guest {} {} {:#x}, where no device is", is_write ? "wrote to" : "read from",
             space == Space::kPio ? "port" : "address", address);
}

// Compiled code takes all of a vCPU's that is no string of a port.
void AddressSpace::read(Space space, std::uint64_t address, std::span<std::uint8_t> data, Accessor& accessor) const {
    if (native_ == nullptr || accessor.vcpu == nullptr || !is_access_size(data.size()))
        return read_by_table(space, address, data, accessor);
    put_access_value(data, native_->read(space, address, static_cast<std::uint32_t>(data.size()), accessor));
}

void AddressSpace::write(Space space, std::uint64_t address, std::span<const std::uint8_t> data,
                         Accessor& accessor) const {
    if (native_ == nullptr || accessor.vcpu == nullptr || !is_access_size(data.size()))
        return write_by_table(space, address, data, accessor);
    native_->write(space, address, static_cast<std::uint32_t>(data.size()), access_value(data), accessor);
}

void AddressSpace::read_by_table(Space space, std::uint64_t address, std::span<std::uint8_t> data,
                                 Accessor& accessor) const {
    for_each_piece(space, address, data.size(), accessor, [&](const Region* region, std::size_t at, std::size_t width) {
        auto piece = data.subspan(at, width);
        if (region == nullptr) {
            std::fill(piece.begin(), piece.end(), std::uint8_t{0xFF});
            return note_unclaimed(space, address + at, false, accessor);
        }
        std::uint64_t value = read_device(*region->slot, access_to(*region, address + at, width), accessor);
        put_access_value(piece, value);
    });
}

void AddressSpace::write_by_table(Space space, std::uint64_t address, std::span<const std::uint8_t> data,
                                  Accessor& accessor) const {
    for_each_piece(space, address, data.size(), accessor, [&](const Region* region, std::size_t at, std::size_t width) {
        if (region == nullptr) return note_unclaimed(space, address + at, true, accessor);
        const std::uint64_t value = access_value(data.subspan(at, width));
        write_device(*region->slot, access_to(*region, address + at, width), value, accessor);
    });
}

}  // namespace nyx::vm
