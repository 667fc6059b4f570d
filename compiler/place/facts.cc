#include "compiler/place/facts.h"

#include <algorithm>
#include <map>

#include "compiler/place/memory_map.h"

namespace nyx::place {

void tell_facts(plan::MachinePlan& plan, std::span<const dev::ir::Program> programs) {
    const std::uint64_t low = std::min(plan.memory_size, low_ram_end(plan));
    std::map<std::string_view, std::uint64_t> facts = {
        {"memory_below_4g", low}, {"memory_above_4g", plan.memory_size - low}, {"cpus", plan.cpu.count}};
    for (plan::DevicePlan& device : plan.devices) {
        facts["line"] = device.gsis.empty() ? 0 : device.gsis.front();
        const auto program = std::ranges::find(programs, device.type, &dev::ir::Program::name);
        if (program == programs.end()) continue;
        for (const dev::ir::Setting& setting : program->settings)
            if (setting.of_machine) device.settings[setting.name] = static_cast<std::int64_t>(facts.at(setting.name));
    }
}

}  // namespace nyx::place
