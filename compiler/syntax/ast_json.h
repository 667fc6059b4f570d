// The syntax tree as JSON, for `nyxc emit ast`: every node has "kind", "line", "column" and the members that ast.h
// gives it; those that are empty are left out. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "compiler/source/source_map.h"
#include "compiler/syntax/ast.h"

namespace nyx::syntax {

// Without places two texts that mean the same give the same JSON.
enum class Places : std::uint8_t { kShown, kLeftOut };

// Indented, ends with a line break.
std::string ast_json(const source::SourceMap& sources, const ast::Module& module, Places places = Places::kShown);

}  // namespace nyx::syntax
