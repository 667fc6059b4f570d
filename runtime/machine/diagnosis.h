// Reads the processors of a machine that stands still, and says what its last exit means and what to try.
//
// Called while all vCPUs are parked.
#pragma once

#include <vector>

#include "runtime/hv/exit.h"
#include "runtime/machine/outcome.h"
#include "runtime/machine/processors.h"

namespace nyx::vm {

// All vCPUs, `first` before the others. What cannot be read stays at its default.
std::vector<CpuSnapshot> look_at_cpus(const Processors& processors, const dev::GuestMemory& memory,
                                      std::uint32_t first);

// The outcome of an exit after which its vCPU cannot go on; cpus as look_at_cpus() gave them.
Outcome diagnose(const hv::Exit& exit, std::string_view host_kind, std::vector<CpuSnapshot> cpus);

}  // namespace nyx::vm
