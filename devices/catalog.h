// Every device type there is (catalog.def), and the one way from a plan to a device.
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

// In the order of catalog.def.
std::span<const DeviceType* const> types();
// Null: there is no such type.
const DeviceType* find_type(std::string_view name);

// What a plan says about one device, held against its type: regions (count and sizes, pio before mmio), lines, settings
// (names, kinds, ranges). kInvalidArgument names the device and what was expected.
Status check(const plan::DevicePlan& plan);

// The device, in its power-on state. environment.lines has one line for each of plan.gsis, in order.
// kInvalidArgument when check() refuses the plan.
Result<std::unique_ptr<Device>> create(const plan::DevicePlan& plan, const Environment& environment);

// The same where some types are described in Nyx: a type that a program has is the program's. The programs have been
// verified and held against the plan (runtime/plan/programs.h), and outlive the device.
Result<std::unique_ptr<Device>> create(const plan::DevicePlan& plan, const Environment& environment,
                                       std::span<const ir::Program> programs);

// The device's saved state under its name, and back. restore_state() refuses a unit of another instance, type or
// version.
StateUnit save_state(const plan::DevicePlan& plan, const Device& device);
Status restore_state(const plan::DevicePlan& plan, Device& device, const StateUnit& unit);

}  // namespace nyx::dev
