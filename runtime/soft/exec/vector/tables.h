// What the files of this folder enter in the table of instructions.
#pragma once

#include "runtime/soft/decode/lowering.h"

namespace nyx::soft {

void add_vector_moves(InstructionTable& table);
void add_masked_moves(InstructionTable& table);
void add_vector_strings(InstructionTable& table);
void add_vector_state(InstructionTable& table);

}  // namespace nyx::soft
