// The devices of the catalog that are described in Nyx (stdlib/devices), as this build compiled them.
//
// A bundle carries the programs of its machine itself; these are for plans that name none, and for whoever asks what a
// type is. Read when first asked for. Thread-safe.
#pragma once

#include <string_view>
#include <vector>

#include "devices/ir/program.h"

namespace nyx::dev::programs {

// Null: no device of that name is described.
const ir::Program* find(std::string_view name);
// In ascending order.
std::vector<std::string_view> names();
// What a board or a class is made with (devices/board, devices/virtio); no plan has it by itself. Null: there is none.
const ir::Program* find_part(std::string_view name);

}  // namespace nyx::dev::programs
