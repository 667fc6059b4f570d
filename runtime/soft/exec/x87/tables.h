// What the files of this folder enter in the table of instructions.
#pragma once

#include "runtime/soft/decode/lowering.h"

namespace nyx::soft {

void add_x87_execution(InstructionTable& table);
void add_x87_control(InstructionTable& table);
void add_state_saving(InstructionTable& table);

}  // namespace nyx::soft
