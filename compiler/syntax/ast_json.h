// The syntax tree as JSON, for `nyxc emit ast`: every node has "kind", "line", "column" and the members that ast.h
// gives it; those that are empty are left out. Pure.
#pragma once

#include <string>

#include "compiler/source/source_map.h"
#include "compiler/syntax/ast.h"

namespace nyx::syntax {

// Indented, ends with a line break.
std::string ast_json(const source::SourceMap& sources, const ast::Module& module);

}  // namespace nyx::syntax
