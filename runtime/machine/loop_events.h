// The event loop as one device sees it: handlers run on the loop's thread, under the device's lock.
//
// Belongs to the loop's thread.
#pragma once

#include <mutex>

#include "devices/kit/host_events.h"
#include "runtime/machine/event_loop.h"

namespace nyx::vm {

class LoopEvents final : public dev::HostEvents {
  public:
    // Both outlive the device.
    LoopEvents(EventLoop& loop, std::mutex& lock) : loop_(loop), lock_(lock) {}
    std::unique_ptr<Watch> watch(int fd, std::function<void()> ready) override;

  private:
    EventLoop& loop_;
    std::mutex& lock_;
};

}  // namespace nyx::vm
