// What was compared with the host's processor: a row for each instruction.
#pragma once

#include <Zydis/Zydis.h>

#include <cstdint>
#include <map>
#include <string>

namespace nyx::soft {

struct CaseCount {
    std::uint64_t cases = 0;
    std::uint64_t wrong = 0;     // disagreements
    std::uint64_t excluded = 0;  // were run and not compared
    std::string why = {};        // of what is not compared: cases, flags, or the whole instruction
};
using CaseTable = std::map<ZydisMnemonic, CaseCount>;

// By name, with the sums below, and the cases of all tables of this run so far. cases: where one has several
// instructions, and so counts in several rows; otherwise 0.
std::string table_text(const CaseTable& table, std::uint64_t cases = 0);

}  // namespace nyx::soft
