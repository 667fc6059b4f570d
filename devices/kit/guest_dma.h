// The guest's RAM as a device reaches it by itself: the memory, and who must be told of what was written there.
//
// Whatever a device writes through host pointers it reports with wrote() before the guest can learn of it: processors
// in this process may have decoded code from there, and whoever copies memory must see it change. Callable from any
// thread.
#pragma once

#include <functional>
#include <utility>

#include "devices/kit/guest_memory.h"

namespace nyx::dev {

class GuestDma {
  public:
    // memory outlives this. written may be empty.
    explicit GuestDma(const GuestMemory& memory, std::function<void(Range)> written = {})
        : memory_(&memory), written_(std::move(written)) {}

    const GuestMemory& memory() const { return *memory_; }
    void wrote(Range gpa) const {
        if (written_ && gpa.size > 0) written_(gpa);
    }

  private:
    const GuestMemory* memory_;
    std::function<void(Range)> written_;
};

}  // namespace nyx::dev
