// The registers of a device that is declared in Nyx, as its page shows them.
#pragma once

#include <string>

#include "compiler/doc/code.h"
#include "compiler/syntax/ast_device.h"

namespace nyx::doc {

// A table for each bank, one of the state, one of the fields of each register; of a class what it is called by. Nothing
// where it has a mistake.
std::string register_tables(const Context& context, const ast::DeviceDecl& node);

}  // namespace nyx::doc
