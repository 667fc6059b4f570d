// nyxc graph FILE
#include <memory>

#include "compiler/driver/choose_machine.h"
#include "compiler/driver/command.h"
#include "compiler/driver/deliver.h"
#include "compiler/driver/graph.h"
#include "compiler/driver/report.h"
#include "compiler/graph/topology.h"

namespace nyx::driver {

std::string graph_format(const std::string& output) {
    if (output.ends_with(".dot")) return "dot";
    return output.ends_with(".json") ? "json" : "svg";
}

std::string graph_text(const model::Machine& machine, const Compiled& compiled, const std::string& format) {
    std::vector<std::pair<std::string, std::string>> files;
    for (const place::PlacedImage& image : compiled.placed.images) files.emplace_back(image.id, image.written);
    graph::Topology shape = graph::topology(compiled.placed.plan, compiled.placed.wiring, machine.doc, files);
    if (format == "dot") return graph::as_dot(shape);
    return format == "json" ? graph::as_json(shape) : graph::as_svg(graph::picture(shape));
}

int draw_graph(const GraphOptions& options) {
    Compilation compilation;
    ReportOptions how;
    how.color = options.color;
    auto checked = check_file(compilation, options.file);
    if (!checked) return fail_with(checked.error());
    auto chosen = choose_machine(*checked, options.file, options.machine);
    const model::Machine* machine = chosen ? &checked->machines[*chosen] : nullptr;
    auto compiled = machine ? compile_machine(compilation, *machine) : std::nullopt;
    int reported = report(compilation.sources, compilation.sink, how);
    if (reported != kDone) return reported;
    if (!chosen) return fail_with(chosen.error());
    if (!compiled) return kInputErrors;
    std::string format = options.format.empty() ? graph_format(options.output) : options.format;
    return deliver(graph_text(*machine, *compiled, format), options.output);
}

Runner add_graph(CLI::App& command) {
    auto options = std::make_shared<GraphOptions>();
    command.add_option("FILE", options->file, "Source file")->required();
    command.add_option("-o,--output", options->output,
                       "Where to write it, and by the ending as what: .svg, .dot or .json");
    command
        .add_option("--format", options->format, "svg, dot (for Graphviz) or json; without it, as the output is named")
        ->check(CLI::IsMember({"svg", "dot", "json"}));
    command.add_option("--machine", options->machine, "Which machine, where the file has several");
    command.add_option("--color", options->color, "Colour in messages: auto, always or never")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->capture_default_str();
    command.footer("Example:\n  nyxc graph machine.ny -o machine.svg");
    return [options] { return draw_graph(*options); };
}

}  // namespace nyx::driver
