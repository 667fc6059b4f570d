// From syntax trees to bytecode: names are resolved, imports found, and every declaration is checked that can be
// before the script runs.
//
// Resolution of a bare name: local variables, then (in methods) fields and methods, then the module's own names, then
// those of the modules that it imports, then built-ins. Plain `x = e` assigns the variable of that name that the text
// above has, and declares one in the function (or module) where there is none. Inside a machine a name that nothing
// declares is a Symbol, and a call on it a Record.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source_map.h"
#include "compiler/syntax/ast.h"
#include "runtime/script/program.h"

namespace nyx::lower {

// Where the texts of modules come from: files, or an editor's buffers.
class ModuleLoader {
  public:
    ModuleLoader() = default;
    ModuleLoader(const ModuleLoader&) = delete;
    ModuleLoader& operator=(const ModuleLoader&) = delete;
    virtual ~ModuleLoader() = default;
    // The file's index in `sources`, or nothing when there is no such file.
    virtual std::optional<std::uint32_t> open(source::SourceMap& sources, const std::string& path, bool is_stdlib) = 0;
    // The path of the file that an import of `importer` means in a package; nothing where it names none.
    virtual std::optional<std::string> package_file(const std::string& importer, const std::string& import) {
        (void)importer, (void)import;
        return std::nullopt;
    }
    // A module that is not there may be in a package about which something was said already.
    virtual bool is_reported(const std::string& import) {
        (void)import;
        return false;
    }
    // The folder of Nyx's own modules; empty: there is none.
    virtual std::string stdlib_folder() const = 0;
    // Parses that file; an editor parses what has not changed once.
    virtual std::shared_ptr<const ast::Module> parse(const source::SourceMap& sources, std::uint32_t file,
                                                     diagnostics::Sink& sink);
};

class FileLoader : public ModuleLoader {
  public:
    explicit FileLoader(std::string stdlib_folder) : stdlib_folder_(std::move(stdlib_folder)) {}
    std::optional<std::uint32_t> open(source::SourceMap& sources, const std::string& path, bool is_stdlib) override;
    std::string stdlib_folder() const override { return stdlib_folder_; }

  private:
    std::string stdlib_folder_;
};

// modules: in the order in which they run: the prelude and its imports first, the main file last. Spans in code are
// those of the SourceMap, for its files are numbered alike.
struct Program {
    script::Program code;  // can be evaluated even when there were mistakes
    std::vector<std::shared_ptr<const ast::Module>> modules;
    // By module: its name, which module each of its imports means (nothing for one that was not found), and the modules
    // that it has without an import.
    std::vector<std::string> names;
    std::vector<std::map<const ast::ImportStmt*, std::size_t>> imports;
    std::vector<std::vector<std::size_t>> automatic;
    bool clean = true;  // nothing was reported: the code is what the author meant
};

// `main` is in sources. prelude: a module of stdlib that comes before all others ("std.prelude"); empty: none. Whatever
// the texts, the mistakes are in `sink`.
Program load_program(source::SourceMap& sources, std::uint32_t main, ModuleLoader& loader, const std::string& prelude,
                     diagnostics::Sink& sink);

}  // namespace nyx::lower
