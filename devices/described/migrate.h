// Saved states of older versions, brought to the program's own by its migrations.
#pragma once

#include <span>
#include <vector>

#include "devices/ir/program.h"
#include "devices/kit/state.h"

namespace nyx::dev::described {

// What a device of the program's version would have saved instead: each migration on the way from `version` has run, in
// their order. Fields that a state lacks begin as after a reset; timers stay as they are. kCorrupt: a field that no
// version on the way has, or a value that is none of its type. The program has been verified.
Result<std::vector<StateField>> migrated(const ir::Program& program, std::uint32_t version,
                                         std::span<const StateField> fields);

}  // namespace nyx::dev::described
