// Reads the schema declarations of the modules of a compilation.
#pragma once

#include <span>

#include "compiler/check/schema.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source_map.h"
#include "compiler/syntax/ast.h"
#include "runtime/script/heap.h"

namespace nyx::check {

// A schema with a mistake is reported and left out, or the field with it. Schemas are stdlib's alone: a device type
// needs code behind it, so one in another file is reported too. Default values live in `heap` and are kept for good.
Schemas load_schemas(std::span<const ast::Module* const> modules, const source::SourceMap& sources, script::Heap& heap,
                     diagnostics::Sink& sink);

}  // namespace nyx::check
