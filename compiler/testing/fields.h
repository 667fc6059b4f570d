// What a test reads of its machine by name: fields, and devices with the addresses that they were given.
#pragma once

#include <optional>
#include <string_view>

#include "compiler/model/machine.h"
#include "compiler/place/place.h"
#include "runtime/script/heap.h"

namespace nyx::testing {

// Nothing for a name that the machine does not have. The value lives in `heap`, unpinned.
std::optional<script::Value> machine_field(const model::Machine& machine, const place::PlacedMachine& placed,
                                           std::string_view name, script::Heap& heap);

}  // namespace nyx::testing
