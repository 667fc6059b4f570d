// CMP or TEST and the conditional jump behind it as one step.
#pragma once

#include "runtime/soft/decode/compare_form.h"

namespace nyx::soft {

// Does what `comparison` says and then the jump of the Op behind, by the low four bits of its opcode. Null: there is no
// such step. Both Ops stay as they are but for the first one's `run`; each counts as an instruction of its own.
Run compare_and_branch(const CompareForm& comparison, unsigned condition);

}  // namespace nyx::soft
