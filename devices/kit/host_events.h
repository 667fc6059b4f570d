// Descriptors of the host that a device waits for.
//
// ready() comes from the machine's event loop with the device's lock held, again and again while the descriptor is
// readable. watch() belongs to the loop's thread: devices call it when they are made. Destruction ends the watch.
#pragma once

#include <functional>
#include <memory>

namespace nyx::dev {

class HostEvents {
  public:
    class Watch {
      public:
        virtual ~Watch() = default;
    };
    virtual ~HostEvents() = default;
    virtual std::unique_ptr<Watch> watch(int fd, std::function<void()> ready) = 0;
};

}  // namespace nyx::dev
