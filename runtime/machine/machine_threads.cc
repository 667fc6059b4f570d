// The vCPU threads: how they start, come to a stand at the gate, and go on.
#include <pthread.h>

#include <csignal>

#include "runtime/hv/kick_signal.h"
#include "runtime/machine/machine.h"
#include "runtime/machine/worker.h"

namespace nyx::vm {

namespace {

// Signals to the process are for the controller's thread.
void block_all_but_kick() {
    sigset_t mask;
    sigfillset(&mask);
    sigdelset(&mask, hv::kick_signal());
    for (int fault : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP}) sigdelset(&mask, fault);
    ::pthread_sigmask(SIG_SETMASK, &mask, nullptr);
}

}  // namespace

// No worker passes the gate before all of them exist, so that close_gate() finds every thread.
void Machine::start_threads() {
    hv::install_kick_handler();
    for (std::uint32_t i = 0; i < workers_.size(); ++i) workers_[i]->thread = std::thread([this, i] { vcpu_main(i); });
}

void Machine::close_gate() {
    if (turns_) return turns_->end_slice();
    if (!gate_.is_open()) return;
    gate_.close();
    for (std::size_t i = 0; i < workers_.size(); ++i) {
        processors_->vcpus[i]->interrupt();
        ::pthread_kill(workers_[i]->thread.native_handle(), hv::kick_signal());
    }
}

void Machine::stand_still() {
    if (turns_) return;
    close_gate();
    gate_.wait_parked();
    exit_free_->settle();
}

// A request that was made while the vCPUs came to a stop is answered first.
void Machine::go_on() {
    if (!turns_ && !requests_.standing()) gate_.open();
}

// The order matters: a kick that came before allow_run() is not lost, because the gate was closed before it.
void Machine::vcpu_main(std::uint32_t index) {
    block_all_but_kick();
    while (gate_.enter()) {
        processors_->vcpus[index]->allow_run();
        while (gate_.is_open() && step(index)) {
        }
        gate_.leave();
    }
}

// False: the vCPU cannot go on.
bool Machine::step(std::uint32_t index) {
    Result<hv::Exit> exit = processors_->vcpus[index]->run(workers_[index]->server);
    if (!exit) {
        requests_.make(RunError{index, std::move(exit).error()});
        return false;
    }
    if (std::holds_alternative<hv::InterruptedExit>(*exit) || std::holds_alternative<hv::IrqWindowExit>(*exit))
        return true;
    requests_.make(FatalExit{index, std::move(*exit)});
    return false;
}

}  // namespace nyx::vm
