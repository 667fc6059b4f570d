// What the software CPU says of itself.
#pragma once

#include <vector>

#include "runtime/hv/cpuid.h"

namespace nyx::soft {

// Of guest-physical addresses.
inline constexpr unsigned kPhysicalBits = 46;

// Everything that is implemented, on a host with these features (leaf 1 ECX and leaf 7 EBX of its own CPUID): vector
// instructions are executed by the host's, so it must have them.
std::vector<hv::CpuidEntry> cpuid_model(std::uint32_t host_1_ecx, std::uint32_t host_7_ebx);

}  // namespace nyx::soft
