// Machine code to text, for reports about a guest that cannot go on.
#pragma once

#include <cstdint>
#include <string>

#include "runtime/base/bytes.h"

namespace nyx::vm {

enum class CodeWidth { k16, k32, k64 };

struct Instruction {
    std::string text;  // "iretd"; empty: not a whole instruction
    std::size_t size = 0;
};

// The first instruction of `code`, which stands at address `rip`.
Instruction disassemble(ByteView code, CodeWidth width, std::uint64_t rip);

}  // namespace nyx::vm
