// What every device of ours is, seen from the machine: registers behind one or more regions, reset, saved state, and
// lines to the outside.
//
// A device never sees an absolute address, a hypervisor or another device. Every call into it (accesses, timers, input,
// the power button, save, restore) comes with the device's own lock held, which the machine's dispatcher owns and
// takes, so a device is written as if it were alone. What a guest does wrong has a defined result: reads of nothing
// give all ones, writes to nothing are dropped; a device never fails.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "devices/kit/state.h"
#include "runtime/base/result.h"

namespace nyx::dev {

namespace ir {
struct NativeContext;
}
class ByteReceiver;
class ExitFreePaths;
class PciFunction;
class PciHost;
class PowerButton;

// One access to one region of the device. offset is inside the region and offset + width does not leave it; width is 1,
// 2, 4 or 8.
struct Access {
    std::uint32_t region = 0;  // index into the regions of the device's type (device_type.h)
    std::uint64_t offset = 0;
    std::uint8_t width = 1;
    bool operator==(const Access&) const = default;
};

enum class RegisterKind : std::uint8_t { kReadOnly, kWriteOnly, kReadWrite };

// One register as the data sheet names it. Two may share an offset when the direction or `when` tells them apart.
struct Register {
    std::string_view name;
    std::uint32_t region = 0;
    std::uint64_t offset = 0;
    std::uint8_t width = 1;
    RegisterKind kind = RegisterKind::kReadWrite;
    std::uint64_t reset = 0;     // what a read gives after reset(); of a guarded register: in its mode
    std::string_view when = {};  // mode in which it is visible: "dlab", "!dlab"; empty: always
    std::uint32_t count = 1;     // of an array; its elements stand `stride` bytes apart
    std::uint32_t stride = 1;
};

// Bits of a register with a name, for those who read or print it.
struct RegisterField {
    std::string_view name;
    std::uint8_t high = 0, low = 0;
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
    // Of one of them, as far as they have names.
    virtual std::vector<RegisterField> fields_of(std::uint32_t /*reg*/) const { return {}; }
    // Which of registers() this access means now (a mode bit may decide), or kNoRegister. Has no effect on the device.
    virtual std::uint32_t select(const Access& access, bool is_write) const = 0;

    // Bits of the result above the width of the access are 0.
    virtual std::uint64_t read(const Access& access) = 0;
    virtual void write(const Access& access, std::uint64_t value) = 0;
    // Power-on state. A new device is in it already.
    virtual void reset() = 0;

    // What a read of element `index` of registers()[reg] would give, without doing anything. Nothing: it cannot be told
    // without the read's effects, or not by this device.
    virtual std::optional<std::uint64_t> look_at(std::uint32_t /*reg*/, std::uint32_t /*index*/) const { return {}; }

    // Waits until nothing of this device is under way on the host. Before save().
    virtual void settle() {}
    // Everything that outlives an access, and nothing that follows from it. restore() replaces the state whole and
    // drives the lines accordingly, or fails and leaves the device as it was. The state may be of an older version
    // than state_version(); the reader says which.
    virtual void save(StateWriter& state) const = 0;
    virtual Status restore(StateReader& state) = 0;
    // Of what save() writes.
    virtual std::uint32_t state_version() const { return 1; }
    // Of a field that save() writes; empty: it has none but its id.
    virtual std::string_view state_name(std::uint32_t /*id*/) const { return {}; }
    // Its value for people; empty: they are shown the bytes.
    virtual std::string state_text(const StateField& /*field*/) const { return {}; }

    // From now on compiled code may do accesses in the device's stead, by this context, which outlives the device.
    // False: there is no code for such a device.
    virtual bool attach_native(ir::NativeContext& /*context*/) { return false; }

    // What else this device can be to the host; null: it is not.
    virtual ByteReceiver* byte_receiver() { return nullptr; }
    virtual PowerButton* power_button() { return nullptr; }
    virtual ExitFreePaths* exit_free_paths() { return nullptr; }
    virtual PciFunction* pci_function() { return nullptr; }
    virtual PciHost* pci_host() { return nullptr; }
};

}  // namespace nyx::dev
