// What an instruction may do inside a region.
#pragma once

#include <llvm/IR/Function.h>

#include "runtime/soft/cpu_layout.h"

namespace nyx::soft {

// Only what region.h says may be changed; and nothing is looked at that has no meaning inside a region. A pointer to a
// general register or to the flags must not be passed on: they will live in registers.
bool is_allowed(const llvm::Function& copy, const CpuLayout& layout);
// An instruction that gives up is done again from its start, by the interpreter. One that has written to memory by then
// would read what it wrote (ENTER, whose frames may overlap).
bool gives_up_unchanged(const llvm::Function& copy);

}  // namespace nyx::soft
