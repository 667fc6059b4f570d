#include "bench/dispatch/peer_buses.h"

#include <algorithm>

#include "runtime/machine/access_value.h"

namespace nyx::bench {

namespace {

std::size_t index_of(Space space) {
    return space == Space::kPio ? 0 : 1;
}

dev::Access access_of(const Range& range, std::uint32_t region, std::uint64_t address, std::size_t size) {
    return {region, address - range.base, static_cast<std::uint8_t>(size)};
}

bool holds(const Range& range, std::uint64_t address, std::size_t size) {
    return address >= range.base && address + size <= range.end();
}

void read_from(LockedDevice& device, const dev::Access& access, std::span<std::uint8_t> data) {
    std::lock_guard guard(device.lock);
    vm::put_access_value(data, device.device->read(access));
}

void write_to(LockedDevice& device, const dev::Access& access, std::span<const std::uint8_t> data) {
    std::lock_guard guard(device.lock);
    device.device->write(access, vm::access_value(data));
}

// Of a map by first address, what has all of the access.
template <class One>
const One* at(const std::map<std::uint64_t, One>& by_base, std::uint64_t address, std::size_t size) {
    auto after = by_base.upper_bound(address);
    if (after == by_base.begin()) return nullptr;
    const One& one = std::prev(after)->second;
    return holds(one.range, address, size) ? &one : nullptr;
}

void nobody(std::span<std::uint8_t> data) {
    std::ranges::fill(data, std::uint8_t{0xFF});
}

}  // namespace

ClassDevices::ClassDevices(const Board& board) {
    for (const plan::DevicePlan& plan : board.plan.devices) {
        auto device = std::make_shared<LockedDevice>();
        timers_.push_back(around_.timers.for_device(device->lock));
        auto& lines = lines_.emplace_back(std::make_unique<std::vector<dev::IrqLine*>>());
        for (std::uint32_t gsi : plan.gsis) lines->push_back(&around_.irqs.line(gsi));
        dev::Environment environment{*lines, around_.clock, *timers_.back(), around_.control, around_.output};
        environment.memory = &around_.dma;
        environment.messages = &around_.messages;
        device->device = as_class(board, plan, environment);
        std::uint32_t region = 0;
        for (const Range& range : plan.pio) placed_.push_back({Space::kPio, range, region++, device});
        for (const Range& range : plan.mmio) placed_.push_back({Space::kMmio, range, region++, device});
    }
}

MapBus::MapBus(const Board& board) : devices_(board) {
    for (const Placed& one : devices_.placed()) by_base_[index_of(one.space)].emplace(one.range.base, one);
}

const Placed* MapBus::find(Space space, std::uint64_t address, std::size_t size) const {
    return at(by_base_[index_of(space)], address, size);
}

void MapBus::read(Caller&, Space space, std::uint64_t address, std::span<std::uint8_t> data) {
    const Placed* one = find(space, address, data.size());
    if (one == nullptr) return nobody(data);
    read_from(*one->device, access_of(one->range, one->region, address, data.size()), data);
}

void MapBus::write(Caller&, Space space, std::uint64_t address, std::span<const std::uint8_t> data) {
    const Placed* one = find(space, address, data.size());
    if (one != nullptr) write_to(*one->device, access_of(one->range, one->region, address, data.size()), data);
}

SharedMapBus::SharedMapBus(const Board& board) : devices_(board) {
    for (const Placed& one : devices_.placed())
        by_base_[index_of(one.space)].emplace(one.range.base, Entry{one.range, one.region, one.device});
}

SharedMapBus::Found SharedMapBus::find(Space space, std::uint64_t address, std::size_t size) const {
    std::shared_lock guard(locks_[index_of(space)]);
    const Entry* one = at(by_base_[index_of(space)], address, size);
    if (one == nullptr) return {};
    return {one->device.lock(), access_of(one->range, one->region, address, size)};
}

void SharedMapBus::read(Caller&, Space space, std::uint64_t address, std::span<std::uint8_t> data) {
    const Found found = find(space, address, data.size());
    if (found.device == nullptr) return nobody(data);
    read_from(*found.device, found.access, data);
}

void SharedMapBus::write(Caller&, Space space, std::uint64_t address, std::span<const std::uint8_t> data) {
    const Found found = find(space, address, data.size());
    if (found.device != nullptr) write_to(*found.device, found.access, data);
}

LockedMapBus::LockedMapBus(const Board& board) : devices_(board) {
    for (const Placed& one : devices_.placed()) by_base_[index_of(one.space)].emplace(one.range.base, one);
}

LockedMapBus::Found LockedMapBus::find(Space space, std::uint64_t address, std::size_t size) const {
    std::lock_guard guard(locks_[index_of(space)]);
    const Placed* one = at(by_base_[index_of(space)], address, size);
    if (one == nullptr) return {};
    return {one->device, access_of(one->range, one->region, address, size)};
}

void LockedMapBus::read(Caller&, Space space, std::uint64_t address, std::span<std::uint8_t> data) {
    const Found found = find(space, address, data.size());
    if (found.device == nullptr) return nobody(data);
    read_from(*found.device, found.access, data);
}

void LockedMapBus::write(Caller&, Space space, std::uint64_t address, std::span<const std::uint8_t> data) {
    const Found found = find(space, address, data.size());
    if (found.device != nullptr) write_to(*found.device, found.access, data);
}

const Placed* LinearBus::find(Space space, std::uint64_t address, std::size_t size) const {
    const auto found = std::ranges::find_if(
        devices_.placed(), [&](const Placed& one) { return one.space == space && holds(one.range, address, size); });
    return found == devices_.placed().end() ? nullptr : &*found;
}

void LinearBus::read(Caller&, Space space, std::uint64_t address, std::span<std::uint8_t> data) {
    const Placed* one = find(space, address, data.size());
    if (one == nullptr) return nobody(data);
    read_from(*one->device, access_of(one->range, one->region, address, data.size()), data);
}

void LinearBus::write(Caller&, Space space, std::uint64_t address, std::span<const std::uint8_t> data) {
    const Placed* one = find(space, address, data.size());
    if (one != nullptr) write_to(*one->device, access_of(one->range, one->region, address, data.size()), data);
}

}  // namespace nyx::bench
