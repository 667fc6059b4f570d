// The event loop as one device sees it: handlers run on the loop's thread, alone with the device.
//
// Belongs to the loop's thread.
#pragma once

#include "devices/kit/host_events.h"
#include "runtime/machine/address_space.h"
#include "runtime/machine/event_loop.h"

namespace nyx::vm {

class LoopEvents final : public dev::HostEvents {
  public:
    // Both outlive the device's handlers.
    LoopEvents(EventLoop& loop, DeviceSlot& slot) : loop_(loop), slot_(slot) {}
    std::unique_ptr<Watch> watch(int fd, std::function<void()> ready) override;

  private:
    EventLoop& loop_;
    DeviceSlot& slot_;
};

}  // namespace nyx::vm
