// Finds what a file imports, and what those import, each once, and puts them in the order in which they run.
#pragma once

#include <map>

#include "compiler/lower/lower.h"

namespace nyx::lower {

struct LoadedModule {
    std::shared_ptr<const ast::Module> tree;
    std::string name;
    // Which module each import statement means; nothing where none was found.
    std::map<const ast::ImportStmt*, std::size_t> imports;
    // Classic modules whose names the file uses without importing them.
    std::vector<std::size_t> automatic;
};

// Imported modules stand before those that import them. The first ones are the prelude's.
std::vector<LoadedModule> load_modules(source::SourceMap& sources, std::uint32_t file, ModuleLoader& loader,
                                       const std::string& prelude, diagnostics::Sink& sink);

}  // namespace nyx::lower
