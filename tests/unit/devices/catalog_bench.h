// A device made by the catalog from the plan that its own type describes.
#pragma once

#include <string>

#include "devices/catalog.h"
#include "tests/unit/devices/fixture.h"

namespace nyx::dev {

inline plan::DevicePlan usual_plan(const DeviceType& type) {
    plan::DevicePlan plan;
    plan.name = "it";
    plan.type = type.name;
    for (const RegionSpec& region : type.regions)
        (region.space == Space::kPio ? plan.pio : plan.mmio).push_back({region.usual_base, region.size});
    for (std::size_t i = 0; i < type.lines.size(); ++i) plan.gsis.push_back(static_cast<std::uint32_t>(i));
    return plan;
}

struct CatalogBench : Surroundings {
    plan::DevicePlan plan;
    std::unique_ptr<Device> device;

    explicit CatalogBench(const DeviceType& type) : plan(usual_plan(type)) {
        auto made = create(plan, environment(type.lines.size()));
        if (made) device = std::move(*made);
    }
};

}  // namespace nyx::dev
