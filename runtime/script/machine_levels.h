// What a finished machine has of itself and of those that it extends.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "runtime/script/machine_config.h"

namespace nyx::script {

// The machine of that name and those that it extends, itself last; the boards of stdlib are not among them.
std::vector<const MachineConfig*> levels_of(std::span<const MachineConfig* const> machines, std::string_view name);
// Of all levels, in the order of the source.
std::vector<const EventHandler*> handlers_of(std::span<const MachineConfig* const> levels);
// As the last level that sets the field has it.
std::optional<Value> setting_of(std::span<const MachineConfig* const> levels, std::string_view field);

}  // namespace nyx::script
