// The steps of compile(). Private to this folder.
#pragma once

#include "compiler/device/body.h"
#include "compiler/device/compile.h"

namespace nyx::device {

// lower.cc: every function of the device, into device.program.
void lower(Declared& device);
// overlap.cc: no two registers answer one access.
void check_overlaps(const Declared& device);
// lower_tests.cc: behind the functions of `program`.
std::vector<DeviceTest> lower_tests(const Declared& device, dev::ir::Program& program);

}  // namespace nyx::device
