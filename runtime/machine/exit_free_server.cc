#include "runtime/machine/exit_free_server.h"

#include <algorithm>
#include <array>

#include "runtime/base/log.h"

namespace nyx::vm {

namespace {

// 64 bits at a time, so that a guest that reads while this goes on sees each register whole.
void update(std::uint8_t* page, std::span<const std::uint8_t, dev::kReadPageSize> now) {
    for (std::size_t at = 0; at < now.size(); at += sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, now.data() + at, sizeof word);
        std::atomic_ref<std::uint64_t> shown(*reinterpret_cast<std::uint64_t*>(page + at));
        if (shown.load(std::memory_order_relaxed) != word) shown.store(word, std::memory_order_release);
    }
}

const DeviceSlot::Region* region_of(const DeviceSlot& slot, std::uint32_t index) {
    return index < slot.regions.size() ? &slot.regions[index] : nullptr;
}

}  // namespace

ExitFreeServer::ExitFreeServer(DeviceSet& devices, EventLoop& loop, unsigned patience)
    : devices_(devices), loop_(loop), passing_(patience), counters_(devices.counters()) {}

ExitFreeServer::~ExitFreeServer() {
    detach();
}

Status ExitFreeServer::attach(hv::Vm& vm) {
    pages_.clear();  // the VM that mapped them is gone
    hv::ExitFree* paths = vm.exit_free();
    if (paths == nullptr) return {};
    for (DeviceSlot& slot : devices_.slots()) {
        if (slot.device->exit_free_paths() == nullptr) continue;
        NYX_TRY(add_pages(vm, slot));
        add_doorbells(*paths, slot);
        queue_writes(*paths, slot);
    }
    return {};
}

void ExitFreeServer::detach() {
    for (const DoorbellSet& set : doorbells_)
        for (int event : set.events()) loop_.remove(event);
    for (DeviceSlot& slot : devices_.slots()) {
        std::lock_guard lock(slot.lock);
        slot.set_doorbells(nullptr);
        if (dev::ExitFreePaths* paths = slot.device->exit_free_paths()) paths->on_change({});
    }
    queue_ = nullptr;
    passing_.clear();
    doorbells_.clear();
}

// A region that does not begin at a page's boundary is served by exits.
Status ExitFreeServer::add_pages(hv::Vm& vm, DeviceSlot& slot) {
    dev::ExitFreePaths& paths = *slot.device->exit_free_paths();
    for (const dev::ReadPage& place : paths.exit_free().pages) {
        const DeviceSlot::Region* region = region_of(slot, place.region);
        if (region == nullptr || region->space != Space::kMmio || region->range.base % dev::kReadPageSize != 0)
            continue;
        NYX_ASSIGN(hv::GuestRam bytes, hv::GuestRam::create(dev::kReadPageSize, false));
        const std::uint64_t address = region->range.base + place.offset;
        pages_.push_back({&slot, place, address, std::move(bytes)});
        NYX_TRY(vm.map_memory({address, dev::kReadPageSize}, pages_.back().bytes.data(), true));
    }
    std::lock_guard lock(slot.lock);
    refresh(slot);
    paths.on_change([this, &slot] { refresh(slot); });
    return {};
}

void ExitFreeServer::add_doorbells(hv::ExitFree& paths, DeviceSlot& slot) {
    DoorbellSet& set = doorbells_.emplace_back(slot, counters_);
    for (const dev::Doorbell& bell : slot.device->exit_free_paths()->exit_free().doorbells) {
        const DeviceSlot::Region* region = region_of(slot, bell.access.region);
        Result<int> event = region != nullptr ? set.add(bell) : fail(ErrorCode::kInvalidArgument, "no such region");
        if (!event) continue;
        const std::uint64_t address = region->range.base + bell.access.offset;
        Status added = paths.add_doorbell({region->space, address, bell.access.width, bell.value}, *event);
        if (added)
            added = loop_.add(*event, [this, &slot] {
                apply_queued();
                DeviceGuard guard(slot);
            });
        if (added) continue;
        log_info("{}: a doorbell is served by exits: {}", slot.name, added.error().message);
        set.drop_last();
    }
    std::lock_guard lock(slot.lock);
    slot.set_doorbells(set.empty() ? nullptr : &set);
}

void ExitFreeServer::queue_writes(hv::ExitFree& paths, DeviceSlot& slot) {
    const std::vector<dev::QueuedWrites>& all = slot.device->exit_free_paths()->exit_free().queued;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const DeviceSlot::Region* region = region_of(slot, all[i].region);
        if (region == nullptr) continue;
        if (all[i].sends) {
            passing_.add(paths, slot, i);
            queue_ = &paths.queue();
            continue;
        }
        Status queued = paths.queue_writes(region->space, {region->range.base + all[i].offset, all[i].size});
        if (queued)
            queue_ = &paths.queue();
        else
            log_info("{}: writes are served by exits: {}", slot.name, queued.error().message);
    }
}

// With the device's lock held.
void ExitFreeServer::refresh(const DeviceSlot& slot) {
    std::array<std::uint8_t, dev::kReadPageSize> now{};
    for (const Page& page : pages_) {
        if (page.slot != &slot) continue;
        slot.device->exit_free_paths()->fill_page(page.place, now);
        update(page.bytes.data(), now);
    }
}

void ExitFreeServer::drain(dev::ir::NativeVcpu* vcpu) {
    AddressSpace::Accessor accessor{counters_, vcpu};
    queue_->drain([this, &accessor](const hv::QueuedWrite& write) {
        devices_.space().write(write.space, write.address, write.data, accessor);
        passing_.applied(write.space, write.address);
    });
}

void ExitFreeServer::wrote(Space space, Range written, dev::ir::NativeVcpu* vcpu) {
    switch (passing_.after_write(space, written, vcpu)) {
        case PassingQueue::Change::kNone:
            return;
        case PassingQueue::Change::kRegistered:
            return loop_.wake();
        case PassingQueue::Change::kTakenAway:
            return apply_queued(vcpu);
    }
}

void ExitFreeServer::devices_changed() {
    if (passing_.follow_modes() == PassingQueue::Change::kTakenAway) apply_queued();
}

void ExitFreeServer::look(std::uint64_t now_ns) {
    if (passing_.look(now_ns) == PassingQueue::Change::kTakenAway) apply_queued();
}

void ExitFreeServer::settle() {
    apply_queued();
    for (DeviceSlot& slot : devices_.slots())
        if (slot.doorbells != nullptr) DeviceGuard guard(slot);
}

}  // namespace nyx::vm
