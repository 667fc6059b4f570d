// What a device may ask of its surroundings: lines, time, and the machine as a whole. Each has a fake in fakes.h.
//
// A device calls these with its own lock held, so none of them may call back into the device before it returns.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace nyx::dev {

// An interrupt line. set() is idempotent; true is asserted. Callable from any thread.
class IrqLine {
  public:
    virtual ~IrqLine() = default;
    virtual void set(bool asserted) = 0;
};

// Message-signalled interrupts (PCI Local Bus 3.0 §6.8): a write of data to an address that processors listen at.
// Callable from any thread.
class MessageSink {
  public:
    virtual ~MessageSink() = default;
    virtual void send(std::uint64_t address, std::uint32_t data) = 0;
};

// Time as a device may know it.
class Clock {
  public:
    virtual ~Clock() = default;
    // Never goes back; stands still while the machine is paused.
    virtual std::uint64_t monotonic_ns() const = 0;
    // Nanoseconds since 1970-01-01 UTC; may jump when the host's clock is set.
    virtual std::int64_t wall_ns() const = 0;
};

// A one-shot alarm in Clock::monotonic_ns() time. Its callback comes from the machine's event loop with the device's
// lock held and nobody else inside; so a deadline that the device has cancelled or replaced never fires. Destruction
// cancels.
class Timer {
  public:
    virtual ~Timer() = default;
    // Replaces an earlier deadline. One that has passed fires soon, but never inside arm().
    virtual void arm(std::uint64_t deadline_ns) = 0;
    virtual void cancel() = 0;
};

// Makes timers for one device: whoever owns the device's lock makes one of these for it (TimerQueue::for_device).
class Timers {
  public:
    virtual ~Timers() = default;
    virtual std::unique_ptr<Timer> create(std::function<void()> fired) = 0;
};

// What a device asks of the machine as a whole. Takes effect after the access, never inside the call. Callable from any
// thread.
class MachineControl {
  public:
    virtual ~MachineControl() = default;
    virtual void request_reset(std::string_view reason) = 0;
    virtual void request_power_off(std::string_view reason) = 0;
    // The guest ends the run with this status, 0 to 255 (exit device).
    virtual void request_exit(int status) = 0;
    // The guest reports its own crash (pvpanic). crash_loaded: its crash kernel takes over and the machine should go
    // on.
    virtual void guest_panicked(bool crash_loaded) = 0;
};

// A device with a power button (ACPI 6.5 §4.8.2.2.1). Called with the device's lock held.
class PowerButton {
  public:
    virtual ~PowerButton() = default;
    virtual void press_power_button() = 0;
};

}  // namespace nyx::dev
