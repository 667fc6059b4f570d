// What the devices of a machine are at, for people and debuggers. Reading has no effect: registers are looked at and
// never read, state is what a snapshot would hold.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/machine/device_set.h"

namespace nyx::vm {

struct RegisterView {
    static constexpr std::uint32_t kMostElements = 64;  // of an array that are shown

    dev::Register reg;  // its texts live as long as the device
    std::vector<dev::RegisterField> fields;
    std::vector<std::optional<std::uint64_t>> values;  // of its elements; nothing: cannot be told without reading
};

struct LineView {
    std::uint32_t gsi = 0;
    bool asserted = false;  // the input, which other devices may drive as well
};

struct StateView {
    std::uint32_t id = 0;
    std::string_view name;  // empty: it has none
    Bytes value;            // as it is saved
    std::string text;       // the same for people; empty: the bytes say it
};

struct DeviceView {
    const DeviceSlot* slot = nullptr;
    std::vector<LineView> lines;
    std::vector<RegisterView> registers;
    std::vector<StateView> state;
};

// Takes the device's lock.
DeviceView inspect(DeviceSlot& slot, const plan::DevicePlan& plan, const IrqInputs& irqs);

}  // namespace nyx::vm
