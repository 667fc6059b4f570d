#include "compiler/driver/emit_interchange.h"

#include "compiler/check/load_schemas.h"
#include "compiler/driver/choose_machine.h"
#include "compiler/driver/command.h"
#include "compiler/driver/deliver.h"
#include "compiler/driver/stdlib_folder.h"
#include "compiler/interchange/emit_libvirt.h"
#include "compiler/interchange/json_schema.h"
#include "compiler/interchange/machine_data.h"
#include "nyx_version.h"

namespace nyx::driver {

int emit_interchange(const InterchangeOptions& options) {
    Compilation compilation;
    auto checked = check_file(compilation, options.file);
    if (!checked) return fail_with(checked.error());
    report_missing(compilation, *checked);
    auto chosen = choose_machine(*checked, options.file, options.machine);
    std::string text;
    if (chosen) {
        const model::Machine& machine = checked->machines[*chosen];
        const check::TypedMachine& typed = checked->typed[*chosen];
        if (auto compiled = compile_machine(compilation, machine)) {
            if (options.form == "json") text = interchange::machine_json(machine, typed);
            if (options.form == "yaml") text = interchange::machine_yaml(machine, typed);
            if (options.form == "libvirt")
                text = interchange::libvirt_xml(machine, typed, compiled->placed.plan, compilation.sink);
        }
    }
    int reported = report(compilation.sources, compilation.sink, options.report);
    if (reported != kDone) return reported;
    return chosen ? deliver(text, options.output) : fail_with(chosen.error());
}

Status with_stdlib_schemas(
    const std::function<Status(const check::Schemas&, const lower::Program&, const source::SourceMap&)>& use) {
    NYX_ASSIGN(std::string stdlib, stdlib_folder());
    Compilation compilation;
    lower::FileLoader loader(stdlib);
    std::uint32_t nothing = compilation.sources.add("<nothing>", "");
    lower::Program program = lower::load_program(compilation.sources, nothing, loader, "std.prelude", compilation.sink);
    std::vector<const ast::Module*> modules;
    for (const auto& module : program.modules) modules.push_back(module.get());
    script::Heap heap;
    check::Schemas schemas = check::load_schemas(modules, compilation.sources, heap, compilation.sink);
    if (compilation.sink.has_errors())
        return fail({ErrorCode::kCorrupt, "the standard library has mistakes", "install nyx again"});
    return use(schemas, program, compilation.sources);
}

int emit_schema(const std::string& output) {
    std::string text;
    Status made = with_stdlib_schemas([&](const check::Schemas& schemas, const auto&, const auto&) -> Status {
        text = interchange::json_schema(schemas, NYX_VERSION);
        return {};
    });
    return made ? deliver(text, output) : fail_with(made.error());
}

}  // namespace nyx::driver
