// Model-specific registers (Intel SDM volume 4, chapter 2; AMD APM volume 2, appendix A).
#pragma once

#include <cstdint>
#include <optional>

#include "runtime/soft/cpu.h"

namespace nyx::soft {

// What RDMSR gives. Nothing: there is no such register, #GP(0), which the caller raises.
std::optional<std::uint64_t> read_msr(Cpu& cpu, std::uint32_t number);
// False: no such register, or not a value for it; nothing changed.
bool write_msr(Cpu& cpu, std::uint32_t number, std::uint64_t value);

}  // namespace nyx::soft
