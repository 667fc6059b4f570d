// A leaf of CPUID, as the machine's profile has it.
#pragma once

#include <cstdint>

namespace nyx::soft {

struct CpuidLeaf {
    std::uint32_t leaf = 0, subleaf = 0;
    bool subleaf_matters = false;
    std::uint32_t eax = 0, ebx = 0, ecx = 0, edx = 0;
};

}  // namespace nyx::soft
