// What is known of an instruction when the one behind it is decoded.
#pragma once

#include <cstdint>

#include "runtime/soft/op.h"

namespace nyx::soft {

// What an instruction compares, where a conditional jump behind it may be done in the same step.
struct CompareForm {
    enum class What : std::uint8_t { kNone, kCmp, kTest };
    enum class Operands : std::uint8_t {  // memory: with a plain 64-bit address
        kRegisters,
        kRegisterImmediate,
        kMemoryRegister,
        kMemoryImmediate,
        kRegisterMemory,
    };
    What what = What::kNone;
    Operands operands = Operands::kRegisters;
    unsigned bits = 0;
};

// How an instruction goes together with the one before it in the block.
struct Pair {
    CompareForm comparison;    // before decoding: of the instruction before; afterwards: of this one
    Run run_before = nullptr;  // what the instruction before runs instead, for both; null: nothing else
};

}  // namespace nyx::soft
