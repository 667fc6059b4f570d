// What every device of ours is, seen from the machine: registers behind one or more regions, reset, and lines to the
// outside.
//
// A device never sees an absolute address, a hypervisor or another device. All calls come with the device's own lock
// held (the dispatcher takes it), so a device is written as if it were alone. What a guest does wrong has a defined
// result: reads of nothing give all ones, writes to nothing are dropped; a device never fails.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace nyx::dev {

// One access to one region of the device. offset is inside the region and offset + width does not leave it; width is 1,
// 2, 4 or 8.
struct Access {
    std::uint32_t region = 0;  // index into the device's regions, in the order of its catalog entry
    std::uint64_t offset = 0;
    std::uint8_t width = 1;
};

enum class RegisterKind : std::uint8_t { kReadOnly, kWriteOnly, kReadWrite };

// One register as the data sheet names it. Two may share an offset when a mode bit or the direction tells them apart.
struct Register {
    std::string_view name;
    std::uint32_t region = 0;
    std::uint64_t offset = 0;
    std::uint8_t width = 1;
    RegisterKind kind = RegisterKind::kReadWrite;
    std::uint64_t reset = 0;
};

inline constexpr std::uint32_t kNoRegister = 0xFFFFFFFF;

class Device {
  public:
    Device() = default;
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;
    virtual ~Device() = default;

    // The register table; constant for the life of the device.
    virtual std::span<const Register> registers() const = 0;
    // Which of registers() this access means now (a mode bit may decide), or kNoRegister. Has no effect on the device.
    virtual std::uint32_t select(const Access& access, bool is_write) const = 0;

    virtual std::uint64_t read(const Access& access) = 0;
    virtual void write(const Access& access, std::uint64_t value) = 0;
    // Power-on state.
    virtual void reset() = 0;
};

// An interrupt line. set() is idempotent; true is asserted. Callable from any thread.
class IrqLine {
  public:
    virtual ~IrqLine() = default;
    virtual void set(bool asserted) = 0;
};

// Time as a device may know it.
class Clock {
  public:
    virtual ~Clock() = default;
    virtual std::uint64_t monotonic_ns() const = 0;
    // Seconds since 1970-01-01 UTC.
    virtual std::int64_t wall_seconds() const = 0;
};

// What a device asks of the machine as a whole. Callable with the device's lock held, from any thread; takes effect
// after the access.
class MachineControl {
  public:
    virtual ~MachineControl() = default;
    virtual void request_reset(std::string_view reason) = 0;
    virtual void request_power_off(std::string_view reason) = 0;
    // The guest ends the run with this status (exit device).
    virtual void request_exit(int status) = 0;
    // The guest reports its own crash (pvpanic).
    virtual void guest_panicked(bool crash_loaded) = 0;
};

// Where a device's bytes go. Never blocks; what cannot be taken is dropped and counted. Callable from any thread.
class ByteSink {
  public:
    virtual ~ByteSink() = default;
    virtual void write(std::span<const std::uint8_t> bytes) = 0;
};

}  // namespace nyx::dev
