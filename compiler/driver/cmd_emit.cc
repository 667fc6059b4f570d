// nyxc emit STAGE FILE
#include <filesystem>
#include <memory>

#include "compiler/codegen/exit_code.h"
#include "compiler/driver/command.h"
#include "compiler/driver/deliver.h"
#include "compiler/driver/emit_devices.h"
#include "compiler/driver/emit_interchange.h"
#include "compiler/driver/graph.h"
#include "compiler/driver/pipeline.h"
#include "compiler/driver/report.h"
#include "compiler/model/model_json.h"
#include "compiler/place/tables.h"
#include "compiler/syntax/ast_json.h"
#include "runtime/base/file.h"
#include "runtime/plan/plan_json.h"

namespace nyx::driver {

namespace {

struct Options {
    std::string stage;
    std::string file;
    std::string output;
    std::string machine;
    ReportOptions report;
};

int emit_ast(Compilation& compilation, const Options& options) {
    auto module = parse_file(compilation, options.file);
    if (!module) return fail_with(std::move(module).error());
    // What could be parsed is shown even beside mistakes.
    int status = report(compilation.sources, compilation.sink, options.report);
    int printed = deliver(syntax::ast_json(compilation.sources, **module));
    return printed != kDone ? printed : status;
}

// One .aml a table, named by its signature; the RSDP is a pointer and no table.
int write_tables(const Compiled& compiled, const std::string& folder) {
    if (!compiled.acpi)
        return fail_with(
            {ErrorCode::kInvalidArgument, "this machine has no ACPI tables", "it has acpi = false, or boots firmware"});
    if (folder.empty())
        return fail_with({ErrorCode::kInvalidArgument, "emit acpi needs a folder to write to", "add -o DIR"});
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return fail_with(errno_error(error.value(), folder));
    for (const acpi::TableExtent& table : compiled.acpi->tables) {
        Status written = write_file(folder + "/" + table.signature + ".aml", compiled.acpi->bytes_of(table));
        if (!written) return fail_with(written.error());
    }
    return kDone;
}

Result<std::string> stage_text(const Compiled& compiled, const std::string& stage) {
    const plan::MachinePlan& plan = compiled.placed.plan;
    if (stage == "plan") return plan::readable_json(plan);
    if (stage == "memory-map") return place::memory_map_text(plan);
    if (stage == "wiring") return place::wiring_text(plan, compiled.placed.wiring, compiled.placed.preferences);
    const codegen::ExitCodeInput input{plan, compiled.programs};
    return stage == "ir" ? codegen::exit_ir(input) : codegen::exit_assembly(input);
}

int emit_machine(Compilation& compilation, const Options& options) {
    auto checked = check_file(compilation, options.file);
    if (!checked) return fail_with(checked.error());
    report_missing(compilation, *checked);
    bool found = false;
    int status = kDone;
    for (const model::Machine& machine : checked->machines) {
        if (!options.machine.empty() && machine.name != options.machine) continue;
        found = true;
        if (options.stage == "model") {
            status = deliver(model::to_json(machine, compilation.sources));
            continue;
        }
        auto compiled = compile_machine(compilation, machine);
        if (!compiled) continue;
        if (options.stage == "acpi") {
            status = write_tables(*compiled, options.output);
        } else {
            auto text = stage_text(*compiled, options.stage);
            status = text ? deliver(*text) : fail_with(text.error());
        }
    }
    int reported = report(compilation.sources, compilation.sink, options.report);
    if (!found && reported == kDone) {
        return fail_with({ErrorCode::kInvalidArgument, fmt::format("{} has no such machine", options.file),
                          "see `machine` in the file"});
    }
    return reported != kDone ? reported : status;
}

}  // namespace

Runner add_emit(CLI::App& command) {
    auto options = std::make_shared<Options>();
    command
        .add_option(
            "STAGE", options->stage,
            "ast, model, plan (JSON), acpi (-o DIR), memory-map, wiring, ir, asm, graph (-o FILE.svg, .dot or .json), "
            "json, yaml (the machine as data), schema (of that data), libvirt (domain XML), devices (the programs of "
            "the "
            "devices that FILE declares), header (of them, in C), state-lock (of their states)")
        ->required()
        ->check(CLI::IsMember({"ast", "model", "plan", "acpi", "memory-map", "wiring", "ir", "asm", "graph", "json",
                               "yaml", "schema", "libvirt", "devices", "header", "state-lock"}));
    command.add_option("FILE", options->file, "Source file; `schema` needs none");
    command.add_option("-o,--output", options->output,
                       "Folder for the files of `acpi`; file for `graph`, `json`, `yaml`, `schema` and `libvirt`");
    command.add_option("--machine", options->machine, "Only this machine");
    add_color_option(command, options->report);
    command.footer("Example:\n  nyxc emit memory-map machine.ny");
    return [options] {
        if (options->stage == "schema") return emit_schema(options->output);
        if (options->file.empty())
            return fail_with({ErrorCode::kInvalidArgument, fmt::format("emit {} needs a FILE", options->stage),
                              "nyxc emit --help has an example"});
        if (options->stage == "json" || options->stage == "yaml" || options->stage == "libvirt")
            return emit_interchange(
                {options->stage, options->file, options->output, options->machine, options->report});
        if (options->stage == "graph")
            return draw_graph({options->file, options->output, "", options->machine, options->report.color});
        if (options->stage == "devices" || options->stage == "header" || options->stage == "state-lock")
            return emit_devices(options->stage, options->file, options->report);
        Compilation compilation;
        return options->stage == "ast" ? emit_ast(compilation, *options) : emit_machine(compilation, *options);
    };
}

}  // namespace nyx::driver
