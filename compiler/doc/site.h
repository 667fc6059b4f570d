// The reference as HTML pages: modules, classes, functions, machines, devices, boot protocols and their kin, built-ins.
//
// Pages refer to each other, to style.css and to search.js by relative paths and to nothing else, so a folder of them
// can be read from disk, offline. Every text of the source is escaped. Pure: the same sources give the same bytes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/check/schema.h"
#include "compiler/source/source_map.h"
#include "compiler/syntax/ast.h"

namespace nyx::doc {

struct DocModule {
    std::string name;  // as an import writes it: "std.boards.pc", "vm_production", "web"
    std::string file;  // as pages show it
    const ast::Module* tree = nullptr;
    bool is_library = false;
};

struct Input {
    std::string title;
    std::string version;  // of nyxc
    std::vector<DocModule> modules;
    const check::Schemas& schemas;
    const source::SourceMap& sources;
};

// By path within the site: "index.html", "class/vm_production.ProductionVMBuilder.html".
std::map<std::string, std::string> site(const Input& input);

}  // namespace nyx::doc
