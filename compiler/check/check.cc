#include "compiler/check/check.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/fields.h"
#include "compiler/check/merge.h"
#include "compiler/check/origins.h"
#include "compiler/check/to_model.h"

namespace nyx::check {

namespace {

class Checker {
  public:
    Checker(const Schemas& schemas, const Evaluate& evaluate, const source::SourceMap& sources, script::Heap& heap,
            diagnostics::Sink& sink)
        : schemas_(schemas),
          evaluate_(evaluate),
          sources_(sources),
          heap_(heap),
          sink_(sink),
          typer_(schemas, sources, sink) {}

    void check(const MergedMachine& merged, const Schema& schema, CheckedMachines& into) {
        std::size_t errors = sink_.error_count();
        Block block = machine_block(merged);
        Record machine = type_fields(block, schema, typer_, sink_);
        model::Origins origins;
        origins[""] = machine_origin(merged);
        add_origins("", block, machine, schemas_, origins);
        std::vector<TypedDevice> devices;
        for (const MergedDevice& device : merged.devices)
            devices.push_back({&device, type_device(merged, device, origins)});
        if (merged.is_board || !merged.has_bases) return;
        Modelled modelled = to_model(merged, machine, devices, schemas_, typer_, sink_);
        modelled.machine.origins = std::move(origins);
        if (merged.is_template && !modelled.has_boot) return;
        modelled.is_complete = modelled.is_complete && merged.is_sound && sink_.error_count() == errors;
        check_requirements(merged, machine, devices, modelled.is_complete, evaluate_, sources_, heap_, sink_);
        if (modelled.is_complete && sink_.error_count() == errors) {
            into.machines.push_back(std::move(modelled.machine));
            into.typed.push_back(typed_machine(std::move(machine), std::move(devices)));
        } else {
            into.mistaken.push_back({std::move(modelled.machine), modelled.has_boot});
        }
    }

  private:
    static TypedMachine typed_machine(Record fields, std::vector<TypedDevice> devices) {
        TypedMachine all{std::move(fields), {}};
        for (TypedDevice& device : devices) all.devices.push_back({device.merged->name, std::move(device.fields)});
        return all;
    }

    static Block machine_block(const MergedMachine& merged) {
        Block block;
        block.text = fmt::format("machine {}", merged.config->name);
        block.where = merged.config->where;
        block.is_template = merged.is_template || merged.is_board || !merged.has_bases || merged.is_duplicate;
        block.is_incomplete = merged.is_incomplete;
        for (const script::MachineConfig* level : merged.levels)
            block.levels.push_back({&level->settings, level, level->where});
        return block;
    }

    // A device that this machine only inherits is typed again, since what is missing there may matter here.
    Record type_device(const MergedMachine& merged, const MergedDevice& device, model::Origins& origins) {
        Block block;
        block.text = fmt::format("{} {}", device.schema->name, device.name);
        block.where = device.where;
        block.is_template = merged.is_template || merged.is_board;
        block.is_incomplete = device.is_incomplete;
        block.levels = device.levels;
        Record fields = type_fields(block, *device.schema, typer_, sink_);
        origins[device.name] = device_origin(device);
        add_origins(device.name, block, fields, schemas_, origins);
        return fields;
    }

    const Schemas& schemas_;
    const Evaluate& evaluate_;
    const source::SourceMap& sources_;
    script::Heap& heap_;
    diagnostics::Sink& sink_;
    Typer typer_;
};

}  // namespace

CheckedMachines check_machines(const Schemas& schemas, std::span<const script::MachineConfig* const> machines,
                               const Evaluate& evaluate, const source::SourceMap& sources, script::Heap& heap,
                               diagnostics::Sink& sink) {
    CheckedMachines checked;
    const Schema* schema = schemas.find("machine");
    if (!schema) {
        sink.report(diagnostics::Code::kBadSchema, {}, "stdlib declares no schema `machine`");
        return checked;
    }
    Checker checker(schemas, evaluate, sources, heap, sink);
    for (const MergedMachine& merged : merge_machines(machines, schemas, sources, sink)) {
        checker.check(merged, *schema, checked);
    }
    return checked;
}

}  // namespace nyx::check
