// From an instruction as Zydis decodes it to the Op that runs it.
//
// Only decode/ and exec/ include this; it is the one door to Zydis. Each file of exec/ has the functions of one group
// of instructions together with how they are chosen, and enters them in the table by mnemonic.
#pragma once

#include <Zydis/Zydis.h>

#include <array>
#include <cstdint>
#include <optional>

#include "runtime/soft/block.h"
#include "runtime/soft/decode/compare_form.h"
#include "runtime/soft/op.h"
#include "runtime/soft/state.h"

namespace nyx::soft {

// Which of the structs in access.h forms the address.
enum class AddressKind : std::uint8_t { kFlat, kFlat32, kSegmented };

struct Lowering {
    const ZydisDecodedInstruction& instruction;
    const ZydisDecodedOperand* operands;  // the visible ones first
    CodeMode mode;
    std::uint64_t rip = 0;  // of the instruction
    Op op;
    bool ends_block = false;
    CompareForm before = {};      // by the instruction before this one in the block
    CompareForm comparison = {};  // by this one
    Run run_before = nullptr;     // instead of that instruction's: does this one too

    unsigned bits(unsigned operand) const { return operands[operand].size; }
    bool is_register(unsigned operand) const { return operands[operand].type == ZYDIS_OPERAND_TYPE_REGISTER; }
    bool is_memory(unsigned operand) const { return operands[operand].type == ZYDIS_OPERAND_TYPE_MEMORY; }
    bool is_immediate(unsigned operand) const { return operands[operand].type == ZYDIS_OPERAND_TYPE_IMMEDIATE; }
    bool has(ZydisInstructionAttributes attribute) const { return (instruction.attributes & attribute) != 0; }
    // Byte offset in Cpu::gpr of a general register operand.
    std::uint16_t general(unsigned operand) const;
    std::uint64_t immediate(unsigned operand) const { return operands[operand].imm.value.u; }
    // Where a relative branch goes.
    std::uint64_t target() const;
    // Fills base, index, scale, disp, segment and address_bits.
    AddressKind address(unsigned operand);
    // The instruction's own operand and stack width, for those that have no operand to tell.
    unsigned operand_bits() const { return instruction.operand_width; }
    std::uint64_t ip_mask() const {
        return mode.code_bits == 64 ? ~0ull : mode.code_bits == 32 ? 0xFFFFFFFFull : 0xFFFFull;
    }
};

// Sets op.run and what else it needs. False: this CPU has no such instruction, #UD.
using Lower = bool (*)(Lowering&);

class InstructionTable {
  public:
    Lower& operator[](ZydisMnemonic mnemonic) { return lowers_[mnemonic]; }
    Lower operator[](ZydisMnemonic mnemonic) const { return lowers_[mnemonic]; }

  private:
    std::array<Lower, ZYDIS_MNEMONIC_MAX_VALUE + 1> lowers_{};
};

// One for each file of exec/.
void add_arithmetic(InstructionTable& table);
void add_moves(InstructionTable& table);
void add_branches(InstructionTable& table);
void add_vectors(InstructionTable& table);
void add_x87(InstructionTable& table);
void add_shifts(InstructionTable& table);
void add_multiply(InstructionTable& table);
void add_bits(InstructionTable& table);
void add_bit_fields(InstructionTable& table);
void add_exchange(InstructionTable& table);
void add_conditions(InstructionTable& table);
void add_conversions(InstructionTable& table);
void add_stack(InstructionTable& table);
void add_strings(InstructionTable& table);
void add_decimal(InstructionTable& table);
void add_interrupts(InstructionTable& table);
void add_segments(InstructionTable& table);
void add_descriptor_tables(InstructionTable& table);
void add_control(InstructionTable& table);
void add_processor(InstructionTable& table);
void add_system_calls(InstructionTable& table);
void add_system_flags(InstructionTable& table);
void add_ports(InstructionTable& table);

// MOV with segment, control and debug registers; PUSH and POP of segment registers; far JMP, CALL and RET.
bool lower_system_move(Lowering& lowering);
bool lower_segment_move(Lowering& lowering);
bool lower_system_push(Lowering& lowering);
bool lower_system_pop(Lowering& lowering);
bool lower_far_transfer(Lowering& lowering);
// Seg of a segment register, or nothing.
std::optional<std::uint8_t> segment_of(ZydisRegister reg);

// Number in the encoding's order, 0 to 15, of a general register of any width.
std::uint8_t general_number(ZydisRegister reg);
std::uint16_t general_offset(ZydisRegister reg);

}  // namespace nyx::soft
