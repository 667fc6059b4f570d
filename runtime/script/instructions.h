// What every instruction takes and leaves, as ops.def says it. Private to this folder.
#pragma once

#include <string_view>

#include "runtime/script/program.h"

namespace nyx::script {

enum class Operand {
    None,
    Local,
    Count,
    Immediate,
    Constant,
    String,
    Capture,
    Global,
    Native,
    Module,
    Function,
    Forward,
    Backward,
    CallSite,
    Class,
    Record,
    Machine,
    Device,
    Setting,
    TypeCheck
};
constexpr int kVaries = -1;

struct OpInfo {
    std::string_view name;
    Operand a;
    Operand b;
    int pops;  // kVaries: the operands say how many
    int pushes;
};

const OpInfo& info_of(Op op);

struct Effect {
    std::size_t pops = 0;
    std::size_t pushes = 0;  // when it goes on to the next instruction
    std::size_t jump_pushes = 0;
};

// The operands of `in` are inside the program's tables.
Effect effect_of(const Program& program, const Instruction& in);
// Whether nothing goes on to the next instruction.
bool ends(Op op);

}  // namespace nyx::script
