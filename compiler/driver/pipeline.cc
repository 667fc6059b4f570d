#include "compiler/driver/pipeline.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "compiler/check/hosts.h"
#include "compiler/check/load_schemas.h"
#include "compiler/driver/device_class.h"
#include "compiler/driver/device_locks.h"
#include "compiler/driver/package_loader.h"
#include "compiler/driver/stdlib_folder.h"
#include "compiler/place/facts.h"
#include "compiler/place/fleet.h"
#include "compiler/syntax/parser.h"
#include "nyx_version.h"
#include "runtime/plan/programs.h"
#include "runtime/script/code_digest.h"

namespace nyx::driver {

using package::Packages;

namespace {

std::vector<const ast::Module*> pointers(const lower::Program& program) {
    std::vector<const ast::Module*> modules;
    for (const auto& module : program.modules) modules.push_back(module.get());
    return modules;
}

}  // namespace

Result<std::unique_ptr<ast::Module>> parse_file(Compilation& compilation, const std::string& path) {
    NYX_ASSIGN(std::uint32_t file, compilation.sources.load(path));
    return syntax::parse(compilation.sources, file, compilation.sink);
}

Checked load_modules(Compilation& compilation, std::uint32_t main, lower::ModuleLoader& loader) {
    Checked checked;
    checked.file = main;
    checked.program = std::make_unique<lower::Program>(
        lower::load_program(compilation.sources, main, loader, kPrelude, compilation.sink));
    return checked;
}

void find_meaning(Compilation& compilation, Checked& checked) {
    std::size_t errors = compilation.sink.error_count();
    checked.meaning = analyze::analyze(*checked.program, compilation.sources, compilation.sink);
    if (compilation.sink.error_count() != errors) checked.program->clean = false;
}

bool run_and_check(Compilation& compilation, Checked& checked, const std::function<bool()>& interrupted) {
    auto known = [&](Span place) { return checked.meaning.is_mistake(place); };
    script::Limits limits;
    limits.interrupted = interrupted;
    lower::BuildResult& built = checked.built;
    built = lower::evaluate(*checked.program, compilation.sink, limits, known);
    if (interrupted && interrupted()) return false;
    checked.output = std::move(built.output);
    checked.missing = std::move(built.missing);
    checked.is_script = built.run != nullptr;
    if (built.run) checked.run = built.run->name;
    script::Heap& heap = built.interpreter->heap();
    checked.schemas = std::make_shared<const check::Schemas>(
        check::load_schemas(pointers(*checked.program), compilation.sources, heap, compilation.sink));
    auto evaluate = [&](const script::Value& condition, check::FieldReader fields) {
        script::NativeResult result = built.interpreter->call_with_fields(condition, std::move(fields));
        return check::Evaluated{std::move(result), built.interpreter->machines().take_notes()};
    };
    check::CheckedMachines all =
        check::check_machines(*checked.schemas, built.machines, evaluate, compilation.sources, heap, compilation.sink);
    checked.machines = std::move(all.machines);
    checked.typed = std::move(all.typed);
    checked.mistaken = std::move(all.mistaken);
    checked.hosts = check::check_hosts(*checked.schemas, built.hosts, compilation.sources, compilation.sink);
    return !interrupted || !interrupted();
}

Result<Checked> check_file(Compilation& compilation, const std::string& path, std::optional<std::string> text) {
    NYX_ASSIGN(std::string stdlib, stdlib_folder());
    std::uint32_t file = 0;
    if (text) {
        file = compilation.sources.add(path, std::move(*text));
    } else {
        NYX_ASSIGN(file, compilation.sources.load(path));
    }
    std::size_t errors = compilation.sink.error_count();
    PackageLoader loader(stdlib, Packages::of_project(path, compilation.sources, NYX_VERSION, compilation.sink));
    Checked checked = load_modules(compilation, file, loader);
    if (compilation.sink.error_count() != errors) checked.program->clean = false;
    find_meaning(compilation, checked);
    run_and_check(compilation, checked);
    compile_devices(compilation, checked);
    return checked;
}

void compile_devices(Compilation& compilation, Checked& checked) {
    std::set<std::string> used;
    for (const model::Machine& machine : checked.machines)
        for (const model::Device& device : machine.devices) used.insert(device.type);
    device::Known known;
    DeviceLocks locks(compilation);
    for (const ast::Module* module : pointers(*checked.program)) {
        for (const ast::StmtPtr& statement : module->body) {
            const auto* node = ast::try_as<ast::DeviceDecl>(statement.get());
            const bool is_own = node != nullptr && !compilation.sources.file(module->file).is_stdlib;
            if (node != nullptr && (is_own || !known.contains(node->name.text))) known[node->name.text] = node;
        }
    }
    for (const ast::Module* module : pointers(*checked.program)) {
        for (const ast::StmtPtr& statement : module->body) {
            const auto* node = ast::try_as<ast::DeviceDecl>(statement.get());
            if (node == nullptr || known[node->name.text] != node) continue;
            if (module->file != checked.file && !used.contains(node->name.text)) continue;
            auto compiled = device::compile(*node, known, compilation.sources, compilation.sink, locks.find(*node));
            if (!compiled) continue;
            if (!compiled->program.script.name.empty()) check_device_class(compilation, checked, *node, *compiled);
            if (checked.program->clean && !compiled->program.script.name.empty())
                compiled->program.script.code = to_hex(script::code_digest(checked.program->code));
            checked.devices.push_back(std::move(*compiled));
        }
    }
    std::ranges::sort(checked.devices, {}, [](const device::CompiledDevice& one) { return one.program.name; });
    for (const device::CompiledDevice& device : checked.devices)
        if (device.native.empty()) compilation.programs.push_back(device.program);
}

void report_missing(Compilation& compilation, const Checked& checked) {
    for (const script::ScriptError& error : checked.missing)
        lower::report_script_error(error, checked.program->code, compilation.sink);
}

// A machine with a mistake is one that a host may name.
void report_fleet(Compilation& compilation, const Checked& checked) {
    std::vector<const model::Machine*> machines;
    for (const model::Machine& machine : checked.machines) machines.push_back(&machine);
    for (const check::PartialMachine& partial : checked.mistaken) machines.push_back(&partial.machine);
    place::check_fleet(machines, checked.hosts, compilation.sink);
}

// Of all programs those that a device of the machine has.
static void attach_programs(Compiled& compiled, std::span<const dev::ir::Program> programs) {
    plan::MachinePlan& plan = compiled.placed.plan;
    for (const dev::ir::Program& program : programs)
        if (plan.find_type(program.name) != nullptr) compiled.programs.push_back(program);
    place::tell_facts(plan, compiled.programs);
    plan::name_programs(plan, compiled.programs);
}

std::optional<Compiled> compile_machine(Compilation& compilation, const model::Machine& machine,
                                        const place::DigestOf& digest_of) {
    auto placed = place::place(machine, compilation.sink, digest_of);
    if (!placed) return std::nullopt;
    Compiled compiled{std::move(*placed), std::nullopt, std::nullopt, {}};
    attach_programs(compiled, compilation.programs);
    plan::MachinePlan& plan = compiled.placed.plan;
    if (!plan.acpi || plan.boot.protocol == plan::BootProtocol::kFirmware) return compiled;
    auto tables = acpi::build_acpi(plan, compiled.programs);
    auto smbios = acpi::build_smbios(plan);
    if (!tables || !smbios) {
        const Error& refused = tables ? smbios.error() : tables.error();
        auto& finding = compilation.sink.report(
            diagnostics::Code::kNoAcpiTables, machine.acpi.is_default ? machine.where : machine.acpi.where,
            fmt::format("the machine cannot have ACPI tables: {}", refused.message));
        finding.help(refused.hint.empty() ? "give the machine what is missing, or set `acpi = false`" : refused.hint);
        if (!machine.acpi.is_default && compilation.sources.text(machine.acpi.where) == "true")
            finding.fix("go without ACPI tables", diagnostics::Applicability::kMaybeIncorrect, machine.acpi.where,
                        "false");
        return std::nullopt;
    }
    place::add_table(plan, "acpi", place::kAcpiRegion, tables->blob);
    place::add_table(plan, "smbios", place::kSmbiosRegion, smbios->blob);
    plan.rsdp = tables->rsdp;
    compiled.acpi = std::move(*tables);
    compiled.smbios = std::move(*smbios);
    return compiled;
}

Result<Checked> check_everything(Compilation& compilation, const std::string& path, std::optional<std::string> text) {
    NYX_ASSIGN(Checked checked, check_file(compilation, path, std::move(text)));
    for (const model::Machine& machine : checked.machines) compile_machine(compilation, machine);
    for (const check::PartialMachine& partial : checked.mistaken) {
        place::check_partial(partial.machine, partial.has_boot, compilation.sink);
    }
    report_fleet(compilation, checked);
    return checked;
}

}  // namespace nyx::driver
