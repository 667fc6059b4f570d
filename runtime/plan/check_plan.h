// The invariants of a MachinePlan, checked in one place: by parse_plan for a plan from a file, by compiler/place for
// its own work, and by whoever builds a plan in memory.
#pragma once

#include "runtime/base/result.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::plan {

// Everything below the 46 bits of guest-physical address that every x86-64 host offers.
inline constexpr std::uint64_t kAddressLimit = std::uint64_t{1} << 46;
inline constexpr std::uint64_t kPageSize = 4096;
inline constexpr std::uint32_t kMaxCpus = 255;  // xAPIC ids 0 to 254
inline constexpr std::uint32_t kGsiCount = 24;  // pins of the one I/O APIC
inline constexpr std::size_t kMaxDevices = 256;
inline constexpr std::size_t kMaxNameLength = 64;

// kInvalidArgument with the first invariant that does not hold. hint is empty.
Status check_plan(const MachinePlan& plan);

// A name of a machine, device, type or image: 1 to kMaxNameLength of [A-Za-z0-9_.-].
bool is_plan_name(std::string_view name);

}  // namespace nyx::plan
