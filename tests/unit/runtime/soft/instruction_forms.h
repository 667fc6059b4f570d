// The integer instructions that are compared with the host's processor, one line for each encoding.
#pragma once

#include <cstdint>
#include <span>

namespace nyx::soft {

// Operand widths an encoding can have.
enum class Widths : std::uint8_t {
    k8,        // REX.W and 66H mean nothing
    kAll,      // 16, 32, 64
    k32And64,  // and no 66H
    k16And64,  // 64 by itself; in less than 64-bit code 16 and 32
};

enum FormTrait : std::uint32_t {
    kLockable = 1 << 0,        // with a memory operand
    kMemoryOnly = 1 << 1,      // ModRM names no register
    kRegisterOnly = 1 << 2,    // ModRM names no memory
    kStringForm = 1 << 3,      // rSI, rDI, rCX
    kBranchForm = 1 << 4,      // ends in a displacement
    kIndirectBranch = 1 << 5,  // ModRM names the target
    kReturnForm = 1 << 6,      // the target is on the stack
    kCountForm = 1 << 7,       // rCX is small
    kBitForm = 1 << 8,         // the register operand is a bit number that moves the address
    kDivideForm = 1 << 9,      // rDX:rAX is often a dividend with a quotient
    kCompareForm = 1 << 10,    // rAX is often what memory holds
    kAlignedForm = 1 << 11,    // the operand is mostly aligned to 16
    kFrameForm = 1 << 12,      // rBP points to the stack
    kTableForm = 1 << 13,      // rBX points to data
    kOnly64 = 1 << 14,
    kNot64 = 1 << 15,
};

// encoding, as in the manual: bytes of the opcode; /r or /digit; ib, iw, iz (16 or 32 bits), iv (also 64), cb, cz; +r:
// a register in the last byte. F2, F3: a mandatory prefix, written before. VEX.pp.map, with vvvv where a third operand
// is.
struct InstructionForm {
    const char* encoding;
    Widths widths;
    std::uint32_t traits = 0;
};

std::span<const InstructionForm> instruction_forms();

}  // namespace nyx::soft
