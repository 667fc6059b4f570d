// What the class of a device must be, and what of it a saved machine would lack (docs/devices.md, "Classes").
#pragma once

#include "compiler/driver/pipeline.h"

namespace nyx::driver {

// The class that `node` names: that it is there and one of devices, has a method for whatever the declaration brings,
// names the timers and sinks that it has, and which of its fields are not saved. After find_meaning().
void check_device_class(Compilation& compilation, const Checked& checked, const ast::DeviceDecl& node,
                        const device::CompiledDevice& device);

}  // namespace nyx::driver
