// One device's saved state under its name, and back.
#pragma once

#include <string_view>

#include "devices/kit/device.h"
#include "devices/kit/state.h"
#include "runtime/base/result.h"

namespace nyx::dev {

// name and type: as in the plan. The device has settled.
StateUnit save_device(std::string_view name, std::string_view type, const Device& device);
// kCorrupt: a unit of another device, or a state that no device of the type can be in; kUnsupported: of a later
// version. Where it fails the device is as it was.
Status restore_device(std::string_view name, std::string_view type, Device& device, const StateUnit& unit);

}  // namespace nyx::dev
