// A device made by the catalog from the plan that its own type describes.
#pragma once

#include <string>

#include "devices/catalog.h"
#include "devices/programs/programs.h"
#include "tests/unit/devices/fixture.h"

namespace nyx::dev {

// Classes and programs.
inline std::vector<std::string_view> type_names() {
    std::vector<std::string_view> names = programs::names();
    for (const DeviceType* type : types()) names.push_back(type->name);
    return names;
}

inline plan::DevicePlan usual_plan(std::string_view name) {
    plan::DevicePlan plan;
    plan.name = "it";
    plan.type = name;
    std::size_t lines = 0;
    std::uint64_t next = 0x1000;
    if (const ir::Program* program = programs::find(name)) {
        for (const ir::Bank& bank : program->banks) {
            (bank.space == ir::Space::kPio ? plan.pio : plan.mmio).push_back({next, bank.size});
            next += 0x10000;
        }
        lines = program->lines.size();
    } else if (const DeviceType* type = find_type(name)) {
        for (const RegionSpec& region : type->regions)
            (region.space == Space::kPio ? plan.pio : plan.mmio).push_back({region.usual_base, region.size});
        lines = type->lines.size();
    }
    for (std::size_t i = 0; i < lines; ++i) plan.gsis.push_back(static_cast<std::uint32_t>(i));
    return plan;
}

struct CatalogBench : Surroundings {
    plan::DevicePlan plan;
    std::unique_ptr<Device> device;

    explicit CatalogBench(std::string_view type) : plan(usual_plan(type)) {
        Environment surroundings = environment(plan.gsis.size());
        surroundings.generation = Guid{};  // what its registers say they begin with
        auto made = create(plan, surroundings);
        if (made) device = std::move(*made);
    }
    // By their number in accesses.
    std::vector<std::uint64_t> region_sizes() const {
        std::vector<std::uint64_t> sizes;
        for (Range range : plan.pio) sizes.push_back(range.size);
        for (Range range : plan.mmio) sizes.push_back(range.size);
        return sizes;
    }
};

}  // namespace nyx::dev
