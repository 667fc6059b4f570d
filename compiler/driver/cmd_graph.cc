// nyxc graph FILE
#include <filesystem>
#include <map>
#include <memory>

#include "compiler/driver/choose_machine.h"
#include "compiler/driver/command.h"
#include "compiler/driver/deliver.h"
#include "compiler/driver/graph.h"
#include "compiler/driver/report.h"
#include "compiler/graph/fleet.h"
#include "compiler/place/fleet.h"

namespace nyx::driver {

namespace {

// By the name of the file: ".dot" and ".json"; everything else is SVG.
std::string graph_format(const std::string& output) {
    if (output.ends_with(".dot")) return "dot";
    return output.ends_with(".json") ? "json" : "svg";
}

graph::Topology shape_of(const model::Machine& machine, const Compiled& compiled) {
    std::vector<std::pair<std::string, std::string>> files;
    for (const place::PlacedImage& image : compiled.placed.images) files.emplace_back(image.id, image.written);
    return graph::topology(compiled.placed.plan, compiled.placed.wiring, machine.doc, files);
}

template <class Shape>
std::string text_of(const Shape& shape, const std::string& format) {
    if (format == "dot") return graph::as_dot(shape);
    return format == "json" ? graph::as_json(shape) : graph::as_svg(graph::picture(shape));
}

// Every machine of the file, by its host. Nothing where one of them has mistakes.
std::optional<graph::Fleet> fleet_of(Compilation& compilation, const Checked& checked, const std::string& file) {
    std::map<const model::Machine*, graph::Topology> shapes;
    std::vector<const model::Machine*> machines;
    for (const model::Machine& machine : checked.machines) {
        auto compiled = compile_machine(compilation, machine);
        if (!compiled) continue;
        machines.push_back(&machine);
        shapes.emplace(&machine, shape_of(machine, *compiled));
    }
    graph::Fleet fleet;
    fleet.name = std::filesystem::path(file).filename().string();
    for (const place::HostGroup& group : place::group_by_host(machines, checked.hosts, compilation.sink)) {
        if (!group.host && group.machines.empty()) continue;
        graph::FleetHost host;
        if (group.host) {
            host.name = group.host->name;
            if (group.host->memory) host.memory.limit = group.host->memory->value;
            if (group.host->cpus) host.cpus.limit = group.host->cpus->value;
        }
        for (const model::Machine* machine : group.machines) {
            host.memory.used += machine->memory.value;
            host.cpus.used += machine->cpus.value;
            host.machines.push_back(std::move(shapes.at(machine)));
        }
        fleet.hosts.push_back(std::move(host));
    }
    if (compilation.sink.has_errors()) return std::nullopt;
    return fleet;
}

// Nothing where there were mistakes.
std::optional<std::string> draw(Compilation& compilation, const Checked& checked, const GraphOptions& options,
                                const model::Machine* machine) {
    std::string format = options.format.empty() ? graph_format(options.output) : options.format;
    if (machine) {
        auto compiled = compile_machine(compilation, *machine);
        return compiled ? std::optional(text_of(shape_of(*machine, *compiled), format)) : std::nullopt;
    }
    auto fleet = fleet_of(compilation, checked, options.file);
    return fleet ? std::optional(text_of(*fleet, format)) : std::nullopt;
}

}  // namespace

int draw_graph(const GraphOptions& options) {
    Compilation compilation;
    ReportOptions how;
    how.color = options.color;
    auto checked = check_file(compilation, options.file);
    if (!checked) return fail_with(checked.error());
    bool whole = options.machine.empty() && checked->machines.size() > 1;
    auto chosen = whole ? Result<std::size_t>(0) : choose_machine(*checked, options.file, options.machine);
    std::optional<std::string> drawn;
    if (chosen) drawn = draw(compilation, *checked, options, whole ? nullptr : &checked->machines[*chosen]);
    int reported = report(compilation.sources, compilation.sink, how);
    if (reported != kDone) return reported;
    if (!chosen) return fail_with(chosen.error());
    return drawn ? deliver(*drawn, options.output) : kInputErrors;
}

Runner add_graph(CLI::App& command) {
    auto options = std::make_shared<GraphOptions>();
    command.add_option("FILE", options->file, "Source file")->required();
    command.add_option("-o,--output", options->output,
                       "Where to write it, and by the ending as what: .svg, .dot or .json");
    command
        .add_option("--format", options->format, "svg, dot (for Graphviz) or json; without it, as the output is named")
        ->check(CLI::IsMember({"svg", "dot", "json"}));
    command.add_option("--machine", options->machine, "Only this machine of several");
    command.add_option("--color", options->color, "Colour in messages: auto, always or never")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->capture_default_str();
    command.footer("Example:\n  nyxc graph machine.ny -o machine.svg");
    return [options] { return draw_graph(*options); };
}

}  // namespace nyx::driver
