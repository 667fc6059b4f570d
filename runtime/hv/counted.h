// A vCPU whose instructions are counted one by one: it runs for exactly so many of them, and its whole state can be
// taken out and put back. Machines that run deterministically (runtime/machine/turns.h) are made of these.
//
// All calls come from one thread.
#pragma once

#include <cstdint>
#include <optional>

#include "devices/kit/state.h"
#include "runtime/base/result.h"
#include "runtime/hv/exit.h"

namespace nyx::hv {

class ExitServer;

class CountedVcpu {
  public:
    virtual ~CountedVcpu() = default;

    // Until `instructions` more are executed, until nothing can be (can_run()), until yield(), or until an exit that
    // `server` does not serve, which it returns.
    virtual std::optional<Exit> run_for(ExitServer& server, std::uint64_t instructions) = 0;
    // From inside an exit or an interrupt controller: run_for() comes back after the instruction that runs.
    virtual void yield() = 0;
    // Since power-on; inside an exit, without the instruction that makes it.
    virtual std::uint64_t executed() const = 0;
    // False: it is halted, waits to be started or has shut down, and nothing pending ends that.
    virtual bool can_run() const = 0;

    // Drops what was derived from memory and from tables in it (decoded code, translations), as a processor may at any
    // time: what it does from here on follows from what save() gives and from memory.
    virtual void forget_derived() = 0;
    virtual dev::StateUnit save() const = 0;
    // Nothing has changed when it fails. Leaves nothing derived.
    virtual Status restore(const dev::StateUnit& unit) = 0;
};

}  // namespace nyx::hv
