#include "runtime/soft/exec/vector/tables.h"

#include "runtime/soft/exec/vector/lower.h"

namespace nyx::soft {
namespace {

using Lines = std::array<const VectorLine*, ZYDIS_MNEMONIC_MAX_VALUE + 1>;

// By mnemonic.
Lines make_lines() {
    Lines lines{};
    for (auto table : {integer_lines(), shuffle_lines(), float_lines(), compare_lines(), convert_lines(), fma_lines(),
                       crypto_lines(), cross_lane_lines()})
        for (const VectorLine& line : table) {
            if (line.legacy != ZYDIS_MNEMONIC_INVALID) lines[line.legacy] = &line;
            if (line.vex != ZYDIS_MNEMONIC_INVALID) lines[line.vex] = &line;
        }
    return lines;
}
const Lines& lines() {
    static const Lines kLines = make_lines();
    return kLines;
}

bool lower_line(Lowering& l) {
    return lower_vector(l, *lines()[l.instruction.mnemonic]);
}

}  // namespace

// MOVSD and CMPSD are also string instructions: those are asked for by the group of strings first.
void add_vectors(InstructionTable& table) {
    for (std::size_t i = 0; i < lines().size(); ++i)
        if (lines()[i] != nullptr) table[static_cast<ZydisMnemonic>(i)] = &lower_line;
    add_vector_moves(table);
    add_masked_moves(table);
    add_vector_strings(table);
    add_vector_state(table);
}

}  // namespace nyx::soft
