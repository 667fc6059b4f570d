// A decoded instruction, ready to run: the function that does it and what it does it to.
//
// The functions of a block call each other in tail position, from one Op to the next, until the last one returns. One
// that cannot go on (a fault, an exit) notes the reason in the Cpu, changes nothing else, and returns.
#pragma once

#include <cstdint>

namespace nyx::soft {

class Cpu;
struct Op;
using Run = void (*)(Cpu&, const Op*);

struct Op {
    Run run = nullptr;
    std::uint64_t imm = 0;          // immediate (sign-extended as the instruction does), branch target, or what else
    std::int64_t disp = 0;          // displacement; RIP-relative ones are already absolute
    std::uint16_t dst = 0;          // byte offset in the register file of its kind (see cpu.h)
    std::uint16_t src = 0;          // the same, of the source
    std::uint8_t base = 0;          // number of the base register, or kZeroRegister
    std::uint8_t index = 0;         // the same
    std::uint8_t scale = 0;         // index is shifted by 0 to 3
    std::uint8_t segment = 0;       // Seg
    std::uint8_t address_bits = 0;  // 16, 32, 64: effective addresses wrap there
    std::uint8_t length = 0;        // of the instruction
    std::uint16_t offset = 0;       // of the instruction from the start of its block
    std::uint16_t src2 = 0;         // of vector instructions: the first source (exec/vector/forms.h)
    std::uint8_t imm8 = 0;          // of vector instructions: the immediate, or the number of a third source
    std::uint8_t detail = 0;        // the same: how it is to be done
};

}  // namespace nyx::soft
