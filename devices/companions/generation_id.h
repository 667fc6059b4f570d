// The id of a vm_generation_id (stdlib/devices): brought once, when the machine is made.
#pragma once

#include "devices/companions/companion.h"

namespace nyx::dev::companions {

class GenerationId final : public Companion {
  public:
    explicit GenerationId(const Environment& environment);
    Status join(described::Described& device) override;
    void take(std::uint32_t, std::uint64_t) override {}

  private:
    Guid id_;
};

}  // namespace nyx::dev::companions
