// What of a described device needs no exit, by the classes of its registers (devices/ir/service.h).
#pragma once

#include <vector>

#include "devices/ir/known_bits.h"
#include "devices/kit/exit_free.h"

namespace nyx::dev::described {

struct ExitFreeOf {
    ExitFree all;
    std::vector<std::vector<ir::ModeBit>> conditions;  // of all.queued
};
// to_terminal: what is sent to the terminal goes there, and to no neighbour.
ExitFreeOf exit_free_of(const ir::Program& program, bool to_terminal);

}  // namespace nyx::dev::described
