// What an hpet (stdlib/devices) does to the lines of the 8254 and the clock: followed as its state says, and told to
// the machine when it is another.
#pragma once

#include "devices/companions/companion.h"

namespace nyx::dev::companions {

class LegacyTimers final : public Companion {
  public:
    explicit LegacyTimers(const Environment& environment) : replace_(environment.replace_timers) {}
    Status join(described::Described& device) override;
    void take(std::uint32_t, std::uint64_t) override {}

  private:
    std::function<void(const TimerLines&)> replace_;
    std::uint64_t told_ = 0;
};

}  // namespace nyx::dev::companions
