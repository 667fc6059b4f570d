// The parts of verify() (program.h). Private to this folder.
#pragma once

#include <string_view>

#include "runtime/base/result.h"
#include "runtime/script/program.h"

namespace nyx::script {

tl::unexpected<Error> corrupt_bytecode(std::string_view what);
// Whether the place is in a file of the program, or nowhere.
bool is_known(const Program& program, Span span);

// Every index in the tables is inside the table it is for.
Status verify_tables(const Program& program);
// Every operand of the function fits; its stack is equally deep on all ways to an instruction, which gives max_stack.
// The tables are verified.
Status verify_function(const Program& program, Function& function);

}  // namespace nyx::script
