// The whole compiler: from the text of a .ny file to a bundle. Each stage takes a finished value and returns one; each
// can be printed.
//
// Mistakes of the author go to compilation.sink, and a stage goes on as far as it can; what the environment refuses is
// an Error.
#pragma once

#include <memory>
#include <string>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source_map.h"
#include "compiler/syntax/ast.h"
#include "runtime/base/result.h"

namespace nyx::driver {

// The texts and findings of one run of nyxc; more than one main file may share it.
struct Compilation {
    source::SourceMap sources;
    diagnostics::Sink sink;
};

// Reads and parses one file. An Error where it cannot be read.
Result<std::unique_ptr<ast::Module>> parse_file(Compilation& compilation, const std::string& path);

}  // namespace nyx::driver
