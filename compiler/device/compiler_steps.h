// The steps of compile(). Private to this folder.
#pragma once

#include "compiler/device/body.h"
#include "compiler/device/compile.h"

namespace nyx::device {

// assign_ids.cc: ids of the state, as `before` has them (may be null), and the version that it needs.
void assign_ids(Declared& device, const LockedDevice* before);
// lower.cc: every function of the device, into device.program.
void lower(Declared& device);
// overlap.cc: no two registers answer one access.
void check_overlaps(const Declared& device);
// lower_tests.cc: behind the functions of `program`.
std::vector<DeviceTest> lower_tests(const Declared& device, dev::ir::Program& program);

}  // namespace nyx::device
