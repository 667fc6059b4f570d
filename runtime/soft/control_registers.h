// What happens when CR0, CR3, CR4 and EFER change (Intel SDM volume 3, §2.5, §4.1, §4.10.4, §9.8.5).
//
// Each raises #GP(0) for a value that is not legal, and changes nothing then. Privilege is the caller's to check.
#pragma once

#include <cstdint>

#include "runtime/soft/cpu.h"

namespace nyx::soft {

bool write_cr0(Cpu& cpu, std::uint64_t value);
bool write_cr3(Cpu& cpu, std::uint64_t value);
bool write_cr4(Cpu& cpu, std::uint64_t value);
bool write_efer(Cpu& cpu, std::uint64_t value);

}  // namespace nyx::soft
