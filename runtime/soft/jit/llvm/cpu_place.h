// Where in the Cpu, which is its first argument, a function of LLVM's reads and writes.
#pragma once

#include <llvm/IR/Function.h>

#include <cstdint>
#include <optional>

#include "runtime/soft/cpu_layout.h"

namespace nyx::soft {

// Nothing: elsewhere, or at a place that is computed.
std::optional<std::uint64_t> offset_in_cpu(const llvm::Value* pointer, const llvm::Function& function);
// At a place that is computed, of one of the arrays that are in memory in a region as well.
bool is_in_array(const llvm::Value* pointer, const llvm::Function& function, const CpuLayout& cpu);

}  // namespace nyx::soft
