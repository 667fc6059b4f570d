// Every way in which a vector or x87 instruction can be written, found by asking Zydis to encode it.
#pragma once

#include <Zydis/Zydis.h>

#include <optional>
#include <vector>

#include "random.h"

namespace nyx::soft {

enum class OperandKind : std::uint8_t { kXmm, kYmm, kMmx, kGeneral32, kGeneral64, kX87, kMemory, kImmediate };

struct VectorOperand {
    OperandKind kind;
    std::uint16_t bytes = 0;  // of memory
};

struct VectorForm {
    ZydisMnemonic mnemonic;
    std::vector<VectorOperand> operands;
    bool has_memory() const;
    bool is_image() const;  // its memory is a whole state: FXSAVE, FNSTENV
};

std::vector<VectorForm> forms_of(ZydisMnemonic mnemonic);

// The form with registers and immediates by chance; memory is [rbx + 64]. Some choices cannot be encoded together: it
// tries again, and gives up when there seems to be no such form.
std::optional<std::vector<std::uint8_t>> encode(const VectorForm& form, Random& random);

}  // namespace nyx::soft
