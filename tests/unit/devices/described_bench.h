// A device of the catalog that is described in Nyx, as the build compiled it, on fakes alone.
#pragma once

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <string_view>

#include "devices/described/device.h"
#include "devices/programs/programs.h"
#include "tests/unit/devices/fixture.h"

namespace nyx::dev {

struct DescribedBench : Bench {
    explicit DescribedBench(std::string_view type, const std::map<std::string_view, std::uint64_t>& settings = {}) {
        const ir::Program* program = programs::find(type);
        REQUIRE(program != nullptr);
        auto own = std::make_unique<ir::Program>(*program);
        for (ir::Setting& setting : own->settings)
            if (settings.contains(setting.name)) setting.value = settings.at(setting.name);
        const std::size_t line_count = own->lines.size();
        auto made = described::Described::create(std::move(own), environment(line_count));
        REQUIRE(made);
        device = std::move(*made);
    }
};

}  // namespace nyx::dev
