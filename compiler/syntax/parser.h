// Text to syntax tree. Never throws and never gives up: whatever the bytes, the result is a Module and the mistakes are
// in `sink`. Time and memory are linear in the size of the text.
#pragma once

#include <cstdint>
#include <memory>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source_map.h"
#include "compiler/syntax/ast.h"

namespace nyx::syntax {

std::unique_ptr<ast::Module> parse(const source::SourceMap& sources, std::uint32_t file, diagnostics::Sink& sink);

}  // namespace nyx::syntax
