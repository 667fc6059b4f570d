// The whole compiler: from the text of a .ny file to a bundle. Each stage takes a finished value and returns one; each
// can be printed.
//
// Mistakes of the author go to compilation.sink, and a stage goes on as far as it can; what the environment refuses is
// an Error.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/acpi/acpi.h"
#include "compiler/acpi/smbios.h"
#include "compiler/analyze/analyze.h"
#include "compiler/check/check.h"
#include "compiler/device/compile.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/lower/evaluate.h"
#include "compiler/lower/lower.h"
#include "compiler/model/machine.h"
#include "compiler/place/place.h"
#include "compiler/source/source_map.h"
#include "compiler/syntax/ast.h"
#include "devices/ir/program.h"
#include "runtime/base/result.h"

namespace nyx::driver {

// The texts and findings of one run of nyxc; more than one main file may share it.
struct Compilation {
    source::SourceMap sources;
    diagnostics::Sink sink;
    // What `nyx` runs devices from: of the types that are described. By name, verified.
    std::vector<dev::ir::Program> programs;
};

// Reads and parses one file. An Error where it cannot be read.
Result<std::unique_ptr<ast::Module>> parse_file(Compilation& compilation, const std::string& path);

// A file, parsed, analyzed, evaluated and checked.
struct Checked {
    std::uint32_t file = 0;
    std::unique_ptr<lower::Program> program;
    lower::BuildResult built;                       // refers to program; what `nyxc test` goes on with
    analyze::Model meaning;                         // of its code; refers to program
    std::string output;                             // what the script printed in the build stage
    bool is_script = false;                         // it ends the build stage with `.run()`
    std::string run;                                // the machine it runs; empty: not a script
    std::vector<model::Machine> machines;           // those without a mistake, in the order of the source
    std::vector<check::TypedMachine> typed;         // the same, as data; refer to schemas
    std::shared_ptr<const check::Schemas> schemas;  // their values live in the interpreter of `built`
    std::vector<check::PartialMachine> mistaken;
    std::vector<model::Host> hosts;
    std::vector<device::CompiledDevice> devices;  // declared in the file, or used by its machines; by name
    std::vector<script::ScriptError> missing;     // what the script wants and this build does not have
};

// Parse, lower, analyze, evaluate, check. text: what to compile instead of the file's content (an editor's buffer).
Result<Checked> check_file(Compilation& compilation, const std::string& path,
                           std::optional<std::string> text = std::nullopt);

// The stages of check_file() and check_everything(), for those who want the first before the last is done.
constexpr const char* kPrelude = "std.prelude";
// compilation.sources has `main`.
Checked load_modules(Compilation& compilation, std::uint32_t main, lower::ModuleLoader& loader);
void find_meaning(Compilation& compilation, Checked& checked);
// False: `interrupted` ended it, and what was found is incomplete.
bool run_and_check(Compilation& compilation, Checked& checked, const std::function<bool()>& interrupted = {});

// Those of the file's own declarations and of what its machines use; after run_and_check().
void compile_devices(Compilation& compilation, Checked& checked);

// NY0901 for each thing that the script wants and this build does not have: to check is not to build.
void report_missing(Compilation& compilation, const Checked& checked);

// What the machines of the file do to each other on their hosts (NY043x).
void report_fleet(Compilation& compilation, const Checked& checked);

// A machine with its addresses and tables.
struct Compiled {
    place::PlacedMachine placed;           // plan.tables is complete
    std::optional<acpi::AcpiTables> acpi;  // none: acpi = false, or firmware brings its own
    std::optional<acpi::SmbiosTables> smbios;
    std::vector<dev::ir::Program> programs;  // of its device types that are described in Nyx, by name; plan.programs
};

// Place, then the tables. Nothing where there were mistakes.
std::optional<Compiled> compile_machine(Compilation& compilation, const model::Machine& machine,
                                        const place::DigestOf& digest_of = {});

// Check and place of everything in the file: all that `nyxc check` and an editor report.
Result<Checked> check_everything(Compilation& compilation, const std::string& path,
                                 std::optional<std::string> text = std::nullopt);

}  // namespace nyx::driver
