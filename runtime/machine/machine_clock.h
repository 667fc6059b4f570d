// Time as the guest's devices see it: the host's monotonic clock, standing still while the machine does.
//
// Starts at 0, stopped. Thread-safe.
#pragma once

#include <mutex>

#include "devices/kit/services.h"

namespace nyx::vm {

class MachineClock final : public dev::Clock {
  public:
    std::uint64_t monotonic_ns() const override;
    std::int64_t wall_ns() const override;

    void run();
    void stop();

  private:
    mutable std::mutex mutex_;
    bool running_ = false;
    std::uint64_t elapsed_ns_ = 0;  // up to the last stop
    std::uint64_t started_ns_ = 0;  // host time of the last run()
};

}  // namespace nyx::vm
