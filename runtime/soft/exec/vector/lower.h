// Choosing the function of a vector instruction whose kernel is known.
#pragma once

#include "runtime/soft/decode/lowering.h"
#include "runtime/soft/exec/vector/kernel.h"

namespace nyx::soft {

// False: the instruction has a form that the line does not offer.
bool lower_vector(Lowering& lowering, const VectorLine& line);

// The legacy and the VEX encoding are ours; what else shares their mnemonics (EVEX) is not.
bool has_known_encoding(const Lowering& lowering);
inline bool is_vex(const Lowering& lowering) {
    return lowering.instruction.encoding == ZYDIS_INSTRUCTION_ENCODING_VEX;
}
ZydisRegisterClass class_of(const Lowering& lowering, unsigned operand);
// Byte offset of a vector, MMX or general register in its file.
std::uint16_t offset_of(const Lowering& lowering, unsigned operand);

}  // namespace nyx::soft
