#include "runtime/script/machine_levels.h"

#include <algorithm>

namespace nyx::script {

std::vector<const MachineConfig*> levels_of(std::span<const MachineConfig* const> machines, std::string_view name) {
    std::vector<const MachineConfig*> levels;
    while (!name.empty() && levels.size() < machines.size()) {
        auto found = std::find_if(machines.begin(), machines.end(),
                                  [name](const MachineConfig* machine) { return machine->name == name; });
        if (found == machines.end()) break;
        levels.push_back(*found);
        name = (*found)->base;
    }
    std::reverse(levels.begin(), levels.end());
    return levels;
}

std::vector<const EventHandler*> handlers_of(std::span<const MachineConfig* const> levels) {
    std::vector<const EventHandler*> handlers;
    for (const MachineConfig* level : levels)
        for (const EventHandler& handler : level->handlers) handlers.push_back(&handler);
    return handlers;
}

std::optional<Value> setting_of(std::span<const MachineConfig* const> levels, std::string_view field) {
    for (auto level = levels.rbegin(); level != levels.rend(); ++level) {
        const auto& settings = (*level)->settings;
        auto found = std::find_if(settings.rbegin(), settings.rend(),
                                  [field](const Setting& setting) { return setting.name == field; });
        if (found != settings.rend()) return found->value;
    }
    return std::nullopt;
}

}  // namespace nyx::script
