// What of a described device needs no exit, by the classes of its registers (devices/ir/service.h).
#pragma once

#include "devices/ir/program.h"
#include "devices/kit/exit_free.h"

namespace nyx::dev::described {

ExitFree exit_free_of(const ir::Program& program);

}  // namespace nyx::dev::described
