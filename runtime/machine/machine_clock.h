// Time as the guest's devices see it. Starts at 0, stopped.
#pragma once

#include <mutex>

#include "devices/kit/services.h"

namespace nyx::vm {

// Of the host.
std::uint64_t host_monotonic_ns();

class MachineClock : public dev::Clock {
  public:
    virtual void run() = 0;
    virtual void stop() = 0;
};

// The host's monotonic clock, standing still while the machine does. Thread-safe.
class HostClock final : public MachineClock {
  public:
    std::uint64_t monotonic_ns() const override;
    std::int64_t wall_ns() const override;

    void run() override;
    void stop() override;

  private:
    mutable std::mutex mutex_;
    bool running_ = false;
    std::uint64_t elapsed_ns_ = 0;  // up to the last stop
    std::uint64_t started_ns_ = 0;  // host time of the last run()
};

}  // namespace nyx::vm
