// Flags that an instruction leaves undefined by the manual.
//
// The software CPU does with them what AMD's processors do, so there everything is compared; on other hosts all but
// these.
#pragma once

#include <Zydis/Zydis.h>

#include <cstdint>

namespace nyx::soft {

// Those that are not compared after this instruction.
std::uint64_t undefined_flags(ZydisMnemonic mnemonic);
// Empty: all of its flags are compared.
const char* why_undefined(ZydisMnemonic mnemonic);

}  // namespace nyx::soft
