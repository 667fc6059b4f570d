// nyxc graph FILE
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>

#include "compiler/driver/command.h"
#include "compiler/driver/graph.h"
#include "compiler/driver/report.h"
#include "compiler/graph/topology.h"
#include "runtime/base/file.h"

namespace nyx::driver {

namespace {

int deliver(const std::string& text, const std::string& output) {
    if (!output.empty()) {
        Status written = write_file(output, as_bytes(text));
        return written ? kDone : fail_with(written.error());
    }
    bool printed = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    return printed ? kDone : fail_with(errno_error(errno, "standard output"));
}

const model::Machine* choose(const Checked& checked, const std::string& name) {
    const auto& all = checked.machines;
    if (name.empty()) return all.size() == 1 ? all.data() : nullptr;
    auto found = std::find_if(all.begin(), all.end(), [&](const model::Machine& one) { return one.name == name; });
    return found == all.end() ? nullptr : &*found;
}

Error no_choice(const Checked& checked, const GraphOptions& options) {
    std::string names;
    for (const model::Machine& one : checked.machines) names += (names.empty() ? "" : ", ") + one.name;
    if (names.empty())
        return {ErrorCode::kInvalidArgument, options.file + " has no machine", "see `machine` in the file"};
    return {ErrorCode::kInvalidArgument, fmt::format("a picture shows one machine, and {} has {}", options.file, names),
            "choose one: --machine NAME"};
}

}  // namespace

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
    const model::Machine* machine = choose(*checked, options.machine);
    auto compiled = machine ? compile_machine(compilation, *machine) : std::nullopt;
    int reported = report(compilation.sources, compilation.sink, how);
    if (reported != kDone) return reported;
    if (!compiled) return fail_with(no_choice(*checked, options));
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
