// From a .ny file to the machines it describes: names resolved, code lowered to bytecode, the build stage run.
//
// Mistakes go to the sink and lowering goes on: an expression with a mistake becomes null. A program is evaluated only when
// the sink has no errors. Not thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source_map.h"
#include "compiler/syntax/ast.h"
#include "runtime/script/interpreter.h"
#include "runtime/script/machine_config.h"
#include "runtime/script/program.h"

namespace nyx::lower {

// Finds the text of an imported module.
class ModuleLoader {
  public:
    virtual ~ModuleLoader() = default;
    // module: dotted ("std.boards.pc") or as the string of a classic import. importer: index of the file that asks. The same
    // module gives the same file index. An error says where was looked.
    virtual Result<std::uint32_t> load(source::SourceMap& sources, const std::string& module, std::uint32_t importer) = 0;
};

// Beside the importing file, then in the folder of the standard library, where a leading `std.` names the folder itself.
class FileLoader : public ModuleLoader {
  public:
    explicit FileLoader(std::string stdlib) : stdlib_(std::move(stdlib)) {}
    Result<std::uint32_t> load(source::SourceMap& sources, const std::string& module, std::uint32_t importer) override;

  private:
    std::string stdlib_;
};

struct Program {
    script::Program code;
    std::vector<std::unique_ptr<ast::Module>> modules;  // in the order in which they run; the main file last
};

// Parses `main` and everything it imports, and the module `prelude` before them (empty: none).
Program load_program(source::SourceMap& sources, std::uint32_t main, ModuleLoader& loader, const std::string& prelude,
                     diagnostics::Sink& sink);

// What the build stage found. The values live as long as this does.
struct BuildResult {
    std::unique_ptr<script::Interpreter> interpreter;
    std::vector<const script::MachineConfig*> machines;  // in the order in which they were described; stdlib's as well
    const script::MachineConfig* run = nullptr;          // the one whose `.run()` ended the build stage
    std::string output;                                  // what print wrote
};

// Runs the build stage: hermetic, bounded, up to the first `.run()`. The program outlives the result. A mistake is a diagnostic.
BuildResult evaluate(const Program& program, diagnostics::Sink& sink, script::Limits limits = {});

}  // namespace nyx::lower
