// Instructions of a form with random operands, and states in which they have something to work on.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host_runner.h"
#include "instruction_encoding.h"
#include "instruction_forms.h"
#include "random.h"

namespace nyx::soft {

// How a memory operand's address is formed: base + (index << scale) + disp, and the base of the segment.
struct MemoryOperand {
    std::optional<unsigned> base, index;
    unsigned scale = 0;
    std::uint64_t disp = 0;
    unsigned address_bits = 64;
    bool is_gs = false;
};

struct Generated {
    TestCode code;
    std::uint32_t traits = 0;
    std::optional<MemoryOperand> memory;
    std::optional<unsigned> rm_register;   // what ModRM names, where it is a register
    std::optional<unsigned> reg_register;  // its other operand
    unsigned address_bits = 64;
    unsigned width = 64;
    bool has_rep = false;
};

class InstructionGenerator {
  public:
    // bits: of the code, 64, 32 or 16.
    InstructionGenerator(Random& random, unsigned bits) : random_(random), bits_(bits) {}
    Generated generate(const InstructionForm& form);
    // `count` instructions on registers, of which the last may branch.
    Generated generate_sequence(std::span<const InstructionForm> forms, unsigned count);
    // Registers and flags, with memory operands mostly inside `data`, which may be changed to suit.
    UserState prepare(const Generated& generated, std::span<std::uint8_t> data);

  private:
    using Encoding = InstructionEncoding;
    void append(const InstructionForm& form, bool may_be_memory);
    void append_any(const InstructionForm& form, bool may_be_memory);
    void choose_prefixes(const InstructionForm& form, Encoding& e);
    void put_prefixes(const Encoding& e);
    void put_opcode(const Encoding& e);
    void put_modrm(Encoding& e);
    void put_memory(Encoding& e, unsigned reg);
    unsigned choose_sib(const Encoding& e, unsigned mod);
    void put_memory_16(unsigned reg);
    void put_displacement(unsigned mod, unsigned wide_size);
    std::uint64_t fixed_offset();
    void put_immediates(const Encoding& e);
    void put_branch(unsigned size);
    void put(std::uint64_t value, unsigned size);
    void patch_rip_relative(const Encoding& e);
    std::uint64_t target(unsigned alignment);
    std::int64_t landing(std::size_t length);

    // instruction_states.cc
    void aim_memory(UserState& state, std::span<std::uint8_t> data);
    void set_up_comparison(UserState& state, std::span<const std::uint8_t> data, std::uint64_t at);
    void set_up_implicit(UserState& state, std::span<std::uint8_t> data);
    void set_up_dividend(UserState& state);
    void set_up_strings(UserState& state, std::span<std::uint8_t> data);
    void set_up_target(UserState& state, std::span<std::uint8_t> data);

    Random& random_;
    unsigned bits_;
    Generated made_;
};

}  // namespace nyx::soft
