// What the code of a migration runs over.
#pragma once

#include "devices/ir/program.h"

namespace nyx::dev::ir {

// The fields that a state of the migration's later version has.
const std::vector<StateField>& made_by(const Program& program, const Migration& migration);

// A program of one function, the migration's code, and of the fields that it names: those of the later version, then
// the old ones. Without lines, ports and registers.
Program migration_program(const Program& program, const Migration& migration);

}  // namespace nyx::dev::ir
