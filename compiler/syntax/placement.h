// Which statements may stand where: fields and devices in machines, handlers in machines, and so on.
#pragma once

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/syntax/ast.h"

namespace nyx::syntax {

void check_places(const ast::Module& module, diagnostics::Sink& sink);

}  // namespace nyx::syntax
