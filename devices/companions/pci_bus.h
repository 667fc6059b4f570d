// The functions on the slots of a `pci` (stdlib/devices), each under its own lock: the bus's is taken first.
//
// Slot 0 is the host bridge, which is the device itself.
#pragma once

#include <array>

#include "devices/companions/companion.h"
#include "devices/kit/pci.h"

namespace nyx::dev::companions {

class PciBus final : public Companion, private PciHost {
  public:
    Status join(described::Described& device) override;
    void take(std::uint32_t sink, std::uint64_t value) override;
    std::uint64_t reply(std::uint32_t query, std::uint64_t place) override;
    PciHost* pci_host() override { return this; }

  private:
    // What the device says of an access: an aligned one, inside a function's configuration space.
    struct Place {
        std::uint32_t slot = 0, offset = 0;
        unsigned bytes = 1;
    };
    struct Attached {
        PciFunction* function = nullptr;
        FunctionLock* lock = nullptr;
    };

    bool attach(std::uint32_t slot, PciFunction& function, FunctionLock& lock) override;
    static Place place_of(std::uint64_t word);

    std::array<Attached, kSlots> slots_{};
};

}  // namespace nyx::dev::companions
