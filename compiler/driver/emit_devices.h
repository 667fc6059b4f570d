// nyxc emit devices, emit header and emit state-lock: of the devices that a file declares.
#pragma once

#include <string>

#include "compiler/driver/report.h"

namespace nyx::driver {

int emit_devices(const std::string& stage, const std::string& file, const ReportOptions& how);

}  // namespace nyx::driver
