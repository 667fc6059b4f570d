// Every device type there is, and the one way from a plan to a device: classes (catalog.def), and programs of those
// that are described in Nyx (devices/programs).
//
// A plan may come from a hostile file: create() checks it against the type's description first, so a device is only
// ever made with the regions, lines and settings it expects. Functions only, no state; thread-safe.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "devices/ir/program.h"
#include "devices/kit/device.h"
#include "devices/kit/device_type.h"
#include "runtime/base/result.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::dev {

// The classes, in the order of catalog.def.
std::span<const DeviceType* const> types();
// Null: no class is one.
const DeviceType* find_type(std::string_view name);

// What a plan says about one device, held against its type: regions (count and sizes, pio before mmio), lines, settings
// (names, kinds, ranges). kInvalidArgument names the device and what was expected.
Status check(const plan::DevicePlan& plan);

// What describes a type; null: it is a class, or unknown. `carried`: programs that came with the plan and go before
// those of this build.
const ir::Program* program_of(std::string_view type, std::span<const ir::Program> carried = {});

// The device, in its power-on state. environment.lines has one line for each of plan.gsis, in order. Programs have been
// verified, and are copied. kInvalidArgument when check() refuses the plan, or the device is a class of a script
// (devices/scripted).
Result<std::unique_ptr<Device>> create(const plan::DevicePlan& plan, const Environment& environment,
                                       std::span<const ir::Program> carried = {});

}  // namespace nyx::dev
