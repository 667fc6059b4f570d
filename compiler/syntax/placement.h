// Which statements may stand where: fields and devices in machines, handlers in machines, and so on.
#pragma once

#include <string_view>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/ast.h"

namespace nyx::syntax {

// The word that a statement begins with: a whole block is more than anybody wants to see marked.
Span first_word(std::string_view text, Span statement);

void check_places(const ast::Module& module, std::string_view text, diagnostics::Sink& sink);

}  // namespace nyx::syntax
