// The check of a program, once, at the edge: what passes can be run and lowered without looking again.
//
// Proved: every index (function, field, temporary, sink, timer) exists and is of the kind its place wants; jumps go
// forward and stay in their loop; a call executes at most kMaxSteps instructions; a function that returns a value does
// so by every way; guards, phases, levels, computed values and invariants change nothing; registers lie inside their
// bank, have storage of their own shape, and masks within their width; names are unique; state ids ascend. Two
// registers may share a byte: the guards decide.
#pragma once

#include "devices/ir/program.h"
#include "runtime/base/result.h"

namespace nyx::dev::ir {

inline constexpr std::uint64_t kMaxSteps = 1 << 20;

// kCorrupt with the first thing that is wrong.
Status verify(const Program& program);

}  // namespace nyx::dev::ir
