// The doorbells of one device: eventfds that the hypervisor counts up, and the writes that they stand for.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "devices/kit/exit_free.h"
#include "runtime/base/event_fd.h"
#include "runtime/base/result.h"

namespace nyx::vm {

struct DeviceSlot;
class VcpuCounters;

class DoorbellSet {
  public:
    DoorbellSet(DeviceSlot& slot, VcpuCounters& counters) : slot_(slot), counters_(counters) {}

    // The eventfd of a new one.
    Result<int> add(const dev::Doorbell& doorbell);
    // The last one that was added is none after all.
    void drop_last() { bells_.pop_back(); }
    bool empty() const { return bells_.empty(); }
    std::vector<int> events() const;
    // Does every write that was rung since the last call. With the device's lock held.
    void ring();

  private:
    struct Bell {
        dev::Doorbell doorbell;
        EventFd event;
    };

    DeviceSlot& slot_;
    VcpuCounters& counters_;
    std::vector<Bell> bells_;
};

}  // namespace nyx::vm
