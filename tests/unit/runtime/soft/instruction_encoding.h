// A form's encoding taken apart, and what was chosen for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "instruction_forms.h"

namespace nyx::soft {

struct InstructionEncoding {
    explicit InstructionEncoding(const InstructionForm& form);

    std::vector<std::uint8_t> opcode;
    std::vector<std::string> immediates;
    std::optional<std::uint8_t> mandatory_prefix;
    std::optional<unsigned> digit;
    bool has_modrm = false, has_opcode_register = false, is_vex = false, has_third = false, is_absolute = false;
    unsigned vex_map = 2, vex_pp = 0;

    bool is_wide = false, is_narrow = false, has_rex = false;
    bool r = false, x = false, b = false;
    std::optional<std::size_t> rip_relative_at;
    bool may_be_memory = true, may_be_register = true;

  private:
    void take(const std::string& word);
    void take_byte(std::uint8_t byte);
};

}  // namespace nyx::soft
