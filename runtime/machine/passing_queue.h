// Ranges of the queue of writes that are there only while they are of use (docs/devices.md, "Bytes that may wait"):
// their writes send bytes to the host, and may have to wait for nothing only while bits of their device stand so.
//
// Registering and taking away has KVM wait for every vCPU, so a range is registered when its writes have exited often
// enough, and a mode that changes to and fro makes that longer each time that it was not worth it. While one is there,
// look() is to be called every kLookNs. add() and clear() while the guest stands still; the rest from any thread,
// without a device's lock.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

#include "runtime/hv/exit_free.h"
#include "runtime/machine/address_space.h"

namespace nyx::vm {

class PassingQueue {
  public:
    static constexpr unsigned kPatience = 16, kMostPatience = 4096;  // writes that exit
    static constexpr unsigned kWorthIt = 64;                         // writes that did not, for a range to come and go
    static constexpr std::uint64_t kLookNs = 5'000'000, kQuietNs = 500'000'000;

    explicit PassingQueue(unsigned patience) : patience_(patience) {}

    // slot.device->exit_free_paths()->exit_free().queued[which]; all outlive clear().
    void add(hv::ExitFree& paths, DeviceSlot& slot, std::size_t which);
    void clear();

    enum class Change {
        kNone,
        kRegistered,  // look() is due from now on
        kTakenAway,   // what was queued until now is to be applied
    };
    // After a write that exited and was done, on this vCPU's thread.
    Change after_write(Space space, Range written, dev::ir::NativeVcpu* vcpu);
    // After devices were reset or restored.
    Change follow_modes();
    // A write that was queued is done now.
    void applied(Space space, std::uint64_t address);
    Change look(std::uint64_t now_ns);
    // Some range is there.
    bool is_in_use() const { return there_.load(std::memory_order_relaxed) != 0; }

  private:
    struct Place {
        Space space = Space::kPio;
        Range range;
    };
    struct Zone {
        hv::ExitFree* paths = nullptr;
        DeviceSlot* slot = nullptr;
        std::size_t which = 0;
        Place place;
        std::vector<Place> decided_by;
        std::atomic<unsigned> queued = 0;  // writes, since it is there
        // Under mutex_.
        bool may_queue = false, is_there = false;
        unsigned written = 0;  // by exits, since its bits stand so
        unsigned patience = 0;
        unsigned queued_before = 0;
        std::uint64_t used_at = 0;
    };

    Change follow_mode(Zone& zone, dev::ir::NativeVcpu* vcpu);
    Change count_write(Zone& zone);
    Change take_away(Zone& zone);

    const unsigned patience_;
    std::deque<Zone> zones_;
    std::mutex mutex_;
    std::atomic<unsigned> there_ = 0;
};

}  // namespace nyx::vm
