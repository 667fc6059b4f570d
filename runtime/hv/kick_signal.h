// The signal that brings a thread out of a hypervisor's run(); its handler has nothing to do. Thread-safe.
#pragma once

namespace nyx::hv {

int kick_signal();
void install_kick_handler();

}  // namespace nyx::hv
