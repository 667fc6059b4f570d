#include "runtime/hv/kick_signal.h"

#include <csignal>

namespace nyx::hv {

int kick_signal() {
    return SIGRTMIN;
}

void install_kick_handler() {
    struct sigaction action{};
    action.sa_handler = [](int) {};
    sigemptyset(&action.sa_mask);
    ::sigaction(kick_signal(), &action, nullptr);
}

}  // namespace nyx::hv
