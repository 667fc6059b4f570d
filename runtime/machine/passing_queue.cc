#include "runtime/machine/passing_queue.h"

#include <algorithm>
#include <utility>

#include "devices/kit/exit_free.h"
#include "runtime/base/log.h"

namespace nyx::vm {

namespace {

bool overlap(Range a, Range b) {
    return a.base < b.end() && b.base < a.end();
}

}  // namespace

void PassingQueue::add(hv::ExitFree& paths, DeviceSlot& slot, std::size_t which) {
    const auto place = [&](std::uint32_t region, std::uint64_t offset, std::uint64_t size) {
        const DeviceSlot::Region& in = slot.regions.at(region);
        return Place{in.space, {in.range.base + offset, size}};
    };
    dev::ExitFreePaths& device = *slot.device->exit_free_paths();
    const dev::QueuedWrites& writes = device.exit_free().queued[which];
    Zone& zone = zones_.emplace_back();
    zone.paths = &paths;
    zone.slot = &slot;
    zone.which = which;
    zone.place = place(writes.region, writes.offset, writes.size);
    for (const dev::RegionBytes& bytes : writes.decided_by)
        zone.decided_by.push_back(place(bytes.region, bytes.offset, bytes.size));
    zone.patience = patience_;
    DeviceGuard guard(slot);
    zone.may_queue = device.may_queue(which);
}

void PassingQueue::clear() {
    zones_.clear();
    there_ = 0;
}

PassingQueue::Change PassingQueue::after_write(Space space, Range written, dev::ir::NativeVcpu* vcpu) {
    Change change = Change::kNone;
    const auto is_at = [&](const Place& place) { return place.space == space && overlap(place.range, written); };
    for (Zone& zone : zones_) {
        const bool decides = std::ranges::any_of(zone.decided_by, is_at);
        if (!decides && !is_at(zone.place)) continue;
        std::lock_guard lock(mutex_);
        change = std::max(change, decides ? follow_mode(zone, vcpu) : count_write(zone));
    }
    return change;
}

PassingQueue::Change PassingQueue::follow_modes() {
    std::lock_guard lock(mutex_);
    Change change = Change::kNone;
    for (Zone& zone : zones_) change = std::max(change, follow_mode(zone, nullptr));
    return change;
}

PassingQueue::Change PassingQueue::follow_mode(Zone& zone, dev::ir::NativeVcpu* vcpu) {
    {
        DeviceGuard guard(*zone.slot, vcpu);
        zone.may_queue = zone.slot->device->exit_free_paths()->may_queue(zone.which);
    }
    if (zone.may_queue) return Change::kNone;
    zone.written = 0;
    if (!zone.is_there) return Change::kNone;
    zone.patience = zone.queued >= kWorthIt ? patience_ : std::min(2 * zone.patience, kMostPatience);
    return take_away(zone);
}

PassingQueue::Change PassingQueue::count_write(Zone& zone) {
    if (!zone.may_queue || zone.is_there || ++zone.written < zone.patience) return Change::kNone;
    zone.written = 0;
    Status queued = zone.paths->queue_writes(zone.place.space, zone.place.range);
    if (!queued) {
        log_info("{}: writes are served by exits: {}", zone.slot->name, queued.error().message);
        zone.may_queue = false;
        return Change::kNone;
    }
    zone.is_there = true;
    zone.queued = 0;
    zone.queued_before = ~0u;
    ++there_;
    return Change::kRegistered;
}

// A range that cannot be taken away stays, and is looked at as before: bytes and interrupts come late, and are not
// lost.
PassingQueue::Change PassingQueue::take_away(Zone& zone) {
    Status gone = zone.paths->stop_queueing(zone.place.space, zone.place.range);
    if (!gone) {
        log_warning("{}: {}", zone.slot->name, gone.error().message);
        return Change::kTakenAway;
    }
    zone.is_there = false;
    --there_;
    return Change::kTakenAway;
}

void PassingQueue::applied(Space space, std::uint64_t address) {
    for (Zone& zone : zones_)
        if (zone.place.space == space && zone.place.range.contains(address))
            zone.queued.fetch_add(1, std::memory_order_relaxed);
}

// A guest that fell silent gets all its patience back.
PassingQueue::Change PassingQueue::look(std::uint64_t now_ns) {
    Change change = Change::kNone;
    if (!is_in_use()) return change;
    std::lock_guard lock(mutex_);
    for (Zone& zone : zones_) {
        if (!zone.is_there) continue;
        const unsigned queued = zone.queued;
        if (std::exchange(zone.queued_before, queued) != queued) zone.used_at = now_ns;
        if (now_ns - zone.used_at < kQuietNs) continue;
        zone.patience = patience_;
        change = std::max(change, take_away(zone));
    }
    return change;
}

}  // namespace nyx::vm
