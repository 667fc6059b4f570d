// nyxc diff A B
#include <unistd.h>

#include <memory>
#include <optional>

#include "compiler/diff/diff.h"
#include "compiler/driver/command.h"
#include "compiler/driver/deliver.h"
#include "compiler/driver/pipeline.h"
#include "compiler/driver/report.h"
#include "runtime/plan/bundle.h"

namespace nyx::driver {

namespace {

struct Options {
    std::string before;
    std::string after;
    std::string format = "text";
    bool exit_code = false;
    ReportOptions report;
};

// One of the two machines, with all that a diff::Side points to.
struct Machine {
    std::optional<plan::Bundle> bundle;
    std::optional<Checked> checked;
    std::optional<Compiled> compiled;
    diff::Side side;
};

Error no_such_machine(const std::string& file, const Checked& checked, const std::string& wanted) {
    std::string names;
    for (const model::Machine& machine : checked.machines) names += (names.empty() ? "" : ", ") + machine.name;
    std::string message = wanted.empty() ? fmt::format("{} has {} machines", file, checked.machines.size())
                                         : fmt::format("{} has no machine '{}'", file, wanted);
    return {ErrorCode::kInvalidArgument, message, names.empty() ? "" : fmt::format("name one of {}: FILE#NAME", names)};
}

Status open_bundle(Machine& machine, const std::string& path) {
    NYX_ASSIGN(machine.bundle, plan::Bundle::open(path));
    machine.side.plan = &machine.bundle->plan();
    machine.side.wiring = &machine.bundle->wiring();
    machine.side.preferences = &machine.bundle->preferences();
    return {};
}

// Nothing but diagnostics where the source has mistakes.
Status compile(Compilation& compilation, Machine& machine, const std::string& file, const std::string& name) {
    NYX_ASSIGN(machine.checked, check_file(compilation, file));
    if (compilation.sink.has_errors()) return {};
    std::vector<model::Machine>& all = machine.checked->machines;
    const model::Machine* chosen = name.empty() && all.size() == 1 ? all.data() : nullptr;
    for (const model::Machine& one : all)
        if (one.name == name) chosen = &one;
    if (!chosen) return fail(no_such_machine(file, *machine.checked, name));
    machine.compiled = compile_machine(compilation, *chosen);
    if (!machine.compiled) return {};
    machine.side.plan = &machine.compiled->placed.plan;
    machine.side.wiring = &machine.compiled->placed.wiring;
    machine.side.preferences = &machine.compiled->placed.preferences;
    machine.side.machine = chosen;
    machine.side.sources = &compilation.sources;
    return {};
}

// "machine.ny", "fleet.ny#web" or "machine.nyxb".
Status open(Compilation& compilation, Machine& machine, const std::string& argument) {
    machine.side.shown = argument;
    if (argument.ends_with(".nyxb")) return open_bundle(machine, argument);
    std::size_t mark = argument.rfind(".ny#");
    std::string file = mark == std::string::npos ? argument : argument.substr(0, mark + 3);
    return compile(compilation, machine, file, mark == std::string::npos ? "" : argument.substr(mark + 4));
}

int run(const Options& options) {
    Compilation compilation;
    Machine before, after;
    Status first = open(compilation, before, options.before);
    Status second = first ? open(compilation, after, options.after) : Status();
    int reported = report(compilation.sources, compilation.sink, options.report);
    if (reported != kDone) return reported;
    if (!first) return fail_with(first.error());
    if (!second) return fail_with(second.error());
    std::vector<diff::Change> changes = diff::compare(before.side, after.side);
    bool color = use_color(options.report.color, STDOUT_FILENO);
    int printed = deliver(options.format == "json" ? diff::as_json(before.side, after.side, changes)
                                                   : diff::as_text(before.side, after.side, changes, color));
    if (printed != kDone) return printed;
    return options.exit_code && !changes.empty() ? kInputErrors : kDone;
}

}  // namespace

Runner add_diff(CLI::App& command) {
    auto options = std::make_shared<Options>();
    command.add_option("A", options->before, "Source file, FILE.ny#MACHINE, or bundle (.nyxb)")->required();
    command.add_option("B", options->after, "The same, to compare with")->required();
    add_format(command, options->format);
    add_color_option(command, options->report);
    command.add_flag("--exit-code", options->exit_code, "End with 1 where the machines differ");
    command.footer(
        "Each change is one of\n"
        "  live                     the guest sees nothing of it\n"
        "  needs the guest          the guest's drivers must take part\n"
        "  reboot                   the guest's next start takes it in\n"
        "  rebuild                  the machine must be made anew; its guest finds what it knew\n"
        "  breaks the guest's view  a guest that runs or is saved relies on what is gone or moved\n\n"
        "Example:\n  nyxc diff machine.nyxb machine.ny");
    return [options] { return run(*options); };
}

}  // namespace nyx::driver
