// nyxc explain-value FILE PATH
#include <cstdio>
#include <memory>

#include <unistd.h>

#include "compiler/driver/command.h"
#include "compiler/driver/pipeline.h"
#include "compiler/driver/report.h"
#include "compiler/provenance/provenance.h"

namespace nyx::driver {

namespace {

struct Options {
    std::string file;
    std::string path;
    std::string format = "text";
    std::string color = "auto";
};

// A machine with mistakes is asked as well: the values that are known are.
std::vector<provenance::Subject> subjects(const Checked& checked,
                                          const std::vector<std::optional<Compiled>>& compiled) {
    std::vector<provenance::Subject> all;
    for (std::size_t i = 0; i < checked.machines.size(); ++i) {
        provenance::Subject subject{&checked.machines[i], {}};
        if (compiled[i]) subject.placements = compiled[i]->placed.placements;
        all.push_back(subject);
    }
    for (const check::PartialMachine& partial : checked.mistaken) all.push_back({&partial.machine, {}});
    return all;
}

int explain(const Options& options) {
    Compilation compilation;
    auto checked = check_file(compilation, options.file);
    if (!checked) return fail_with(checked.error());
    std::vector<std::optional<Compiled>> compiled;
    for (const model::Machine& machine : checked->machines) compiled.push_back(compile_machine(compilation, machine));
    int status = report(compilation.sources, compilation.sink, {"text", options.color});
    auto answer = provenance::find(subjects(*checked, compiled), options.path);
    if (!answer && status != kDone) return status;
    if (!answer) return fail_with(answer.error());
    std::string text = options.format == "json"
                           ? provenance::as_json(*answer, compilation.sources)
                           : provenance::as_text(*answer, compilation.sources, use_color(options.color, STDOUT_FILENO));
    std::fwrite(text.data(), 1, text.size(), stdout);
    return status;
}

}  // namespace

Runner add_explain_value(CLI::App& command) {
    auto options = std::make_shared<Options>();
    command.add_option("FILE", options->file, "Source file")->required();
    command
        .add_option("PATH", options->path,
                    "What to explain: machine.device.field, machine.field, or a machine or device for all that is in "
                    "it; the machine may be left out where there is one")
        ->required();
    command.add_option("--format", options->format, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    command.add_option("--color", options->color, "Colour in text: auto, always or never")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->capture_default_str();
    command.footer("Example:\n  nyxc explain-value machine.ny web.com1.base");
    return [options] { return explain(*options); };
}

}  // namespace nyx::driver
