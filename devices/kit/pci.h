// PCI as a function and its host see each other (PCI Local Bus Specification 3.0).
//
// A function is a device on a slot of bus 0, function 0. Its memory is a region of its own, at the address that the
// plan gives its base address register; the host only carries configuration accesses, each with the function's own lock
// held. The host's lock is taken before it.
#pragma once

#include <cstdint>

namespace nyx::dev {

// Section 3.2.2.3.2: 32 bits at this port are CONFIG_ADDRESS, whole, though a host bridge claims the port alone; only
// smaller accesses reach the ports beneath it. Cut up, a guest that looks for PCI would write its function numbers to
// reset control, 0xCF9.
inline constexpr std::uint64_t kPciConfigAddress = 0xCF8;

// The lock of a function's device. What the guest asked of the device before without an exit is done when lock()
// returns.
class FunctionLock {
  public:
    virtual ~FunctionLock() = default;
    virtual void lock() = 0;
    virtual void unlock() = 0;
};

class PciFunction {
  public:
    virtual ~PciFunction() = default;
    // width is 1, 2 or 4, offset a multiple of it and below 4096.
    virtual std::uint32_t read_config(std::uint32_t offset, unsigned width) = 0;
    virtual void write_config(std::uint32_t offset, unsigned width, std::uint32_t value) = 0;
};

class PciHost {
  public:
    static constexpr std::uint32_t kSlots = 32;

    virtual ~PciHost() = default;
    // Before anything runs. False: the slot is taken, or is not one for functions. Both outlive the use of the host.
    virtual bool attach(std::uint32_t slot, PciFunction& function, FunctionLock& lock) = 0;
};

}  // namespace nyx::dev
