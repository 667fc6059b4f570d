// What the methods of a class ask of the machine: words for its sinks (`sent`) and requests (`requests`), which the
// library's Device keeps until the call is over.
//
// Functions only. Not thread-safe: the device's lock is held.
#pragma once

#include "devices/ir/program.h"
#include "devices/kit/device_type.h"
#include "devices/scripted/alarms.h"
#include "devices/scripted/instance.h"

namespace nyx::dev::scripted {

// Does all of it, in its order, sinks first; what the device has no port for is told.
void take_asks(Instance& instance, const ir::Program& program, const Environment& environment,
               const Complain& complain);
// Forgets what was asked: another machine has done it.
void drop_asks(Instance& instance);

}  // namespace nyx::dev::scripted
