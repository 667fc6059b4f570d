// Device programs as text: canonical JSON, compact, keys in byte order, members that have their default left out
// (docs/bundle.md, section `devices`). Equal programs have equal texts.
//
// parse_programs() takes text from anywhere and gives back only what verify() has passed and canonical_json() would
// have written; everything else is kCorrupt with the place. Nothing here throws.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "devices/ir/program.h"
#include "runtime/base/result.h"

namespace nyx::dev::ir {

inline constexpr std::size_t kMaxProgramsText = std::size_t{8} << 20;  // bytes; a serial port has some 10 KiB
inline constexpr std::size_t kMaxPrograms = 256;

std::string canonical_json(const Program& program);
// In ascending order of their names, which is for the caller to see to.
std::string canonical_json(std::span<const Program> programs);
Result<std::vector<Program>> parse_programs(std::string_view text);

}  // namespace nyx::dev::ir
