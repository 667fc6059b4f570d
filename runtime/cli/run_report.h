// What `nyx run` says after the guest has ended: how, and with --exit-stats where its exits went.
#pragma once

#include <string>

#include "runtime/cli/run_machine.h"

namespace nyx::cli {

// The table of device, register, direction, count and share, then totals; lines that end with '\n'.
std::string exit_table(const vm::ExitSummary& exits);
// Nothing about a guest that powered off or gave its own status: that is for the guest to say.
std::string outcome_text(const RunResult& result);
// One JSON object, in one line. with_exits: --exit-stats.
std::string run_json(const RunResult& result, bool with_exits);

}  // namespace nyx::cli
