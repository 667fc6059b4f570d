#include "compiler/check/check.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/fields.h"
#include "compiler/check/merge.h"
#include "compiler/check/to_model.h"

namespace nyx::check {

namespace {

class Checker {
  public:
    Checker(const Schemas& schemas, const Evaluate& evaluate, const source::SourceMap& sources, script::Heap& heap,
            diagnostics::Sink& sink)
        : schemas_(schemas), evaluate_(evaluate), heap_(heap), sink_(sink), typer_(schemas, sources, sink) {}

    // Nothing when the machine has a mistake, or is no machine of its own.
    std::optional<model::Machine> check(const MergedMachine& merged, const Schema& schema) {
        std::size_t errors = sink_.error_count();
        Record machine = type_fields(machine_block(merged), schema, typer_, sink_);
        std::vector<TypedDevice> devices;
        for (const MergedDevice& device : merged.devices) devices.push_back({&device, type_device(merged, device)});
        bool is_own = merged.is_sound && !merged.is_board && !merged.is_incomplete && sink_.error_count() == errors;
        if (!is_own) return std::nullopt;
        std::optional<model::Machine> model = to_model(merged, machine, devices, schemas_, typer_, sink_);
        if (model) check_requirements(merged, machine, devices, evaluate_, heap_, sink_);
        return sink_.error_count() == errors ? std::move(model) : std::nullopt;
    }

  private:
    static Block machine_block(const MergedMachine& merged) {
        Block block;
        block.text = fmt::format("machine {}", merged.config->name);
        block.where = merged.config->where;
        block.is_template = merged.is_template || merged.is_board || !merged.is_sound;
        block.is_incomplete = merged.is_incomplete;
        for (const script::MachineConfig* level : merged.levels) block.levels.push_back(&level->settings);
        return block;
    }

    // A device that this machine only inherits is typed again, since what is missing there may matter here.
    Record type_device(const MergedMachine& merged, const MergedDevice& device) {
        Block block;
        block.text = fmt::format("{} {}", device.schema->name, device.name);
        block.where = device.where;
        block.is_template = merged.is_template || merged.is_board;
        block.is_incomplete = device.is_incomplete;
        block.levels = device.levels;
        return type_fields(block, *device.schema, typer_, sink_);
    }

    const Schemas& schemas_;
    const Evaluate& evaluate_;
    script::Heap& heap_;
    diagnostics::Sink& sink_;
    Typer typer_;
};

}  // namespace

std::vector<model::Machine> check_machines(const Schemas& schemas,
                                           std::span<const script::MachineConfig* const> machines,
                                           const Evaluate& evaluate, const source::SourceMap& sources,
                                           script::Heap& heap, diagnostics::Sink& sink) {
    const Schema* schema = schemas.find("machine");
    if (!schema) {
        sink.report(diagnostics::Code::kBadSchema, {}, "stdlib declares no schema `machine`");
        return {};
    }
    Checker checker(schemas, evaluate, sources, heap, sink);
    std::vector<model::Machine> models;
    for (const MergedMachine& merged : merge_machines(machines, schemas, sources, sink)) {
        if (std::optional<model::Machine> model = checker.check(merged, *schema)) models.push_back(std::move(*model));
    }
    return models;
}

}  // namespace nyx::check
