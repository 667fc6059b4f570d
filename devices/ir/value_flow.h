// Where the value that is written goes inside a handler.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "devices/ir/program.h"

namespace nyx::dev::ir {

// Whether an instruction gives a number, to its `dst`.
bool writes_temporary(Op op);

// What on_write does with its first argument, which has so many bits, beyond comparing it with constants. Nothing: it
// uses the value. Otherwise the constants, ascending; none of them: the value does not matter.
std::optional<std::vector<std::uint64_t>> compared_constants(const Function& on_write, unsigned bits);

// The sinks that a write of this value may reach, where compared_constants() has an answer.
std::set<std::uint32_t> sinks_reached(const Function& on_write, unsigned bits, std::uint64_t value);

}  // namespace nyx::dev::ir
