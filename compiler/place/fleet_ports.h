// Ports of the host that lead to guests: each can lead to one only.
#pragma once

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/place/fleet.h"

namespace nyx::place {

// Two cards of one machine, or of two machines of one host (NY0433); a warning where no host was declared.
void check_forwarded_ports(const HostGroup& group, diagnostics::Sink& sink);

}  // namespace nyx::place
