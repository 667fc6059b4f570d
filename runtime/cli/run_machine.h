// A bundle, run from power-on to its end: the whole of `nyx run` after its arguments were read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "devices/backend/backend.h"
#include "runtime/base/result.h"
#include "runtime/cli/accelerator.h"
#include "runtime/machine/machine.h"
#include "runtime/plan/bundle.h"
#include "runtime/replay/digests.h"

namespace nyx::cli {

class Handlers;

struct RunOptions {
    std::optional<dev::BackendSpec> serial;
    std::optional<std::uint64_t> time_limit_ns;
    vm::Options machine;
    AcceleratorOptions accelerator;
    std::optional<std::uint64_t> stop_at;  // instructions; of a machine that runs in turns
    bool digest = false;                   // the same
    std::string recording;                 // the same; path, empty: none
    std::string bundle;                    // path, for the recording
    std::string native;                    // `--native`; empty: auto
    std::string profile;                   // path; empty: none
    std::string name;                      // under which `nyx ps` lists it; empty: the machine's own, made unique
};

struct RunResult {
    vm::Outcome outcome;
    vm::ExitSummary exits;
    unsigned resets = 0;
    int signal = 0;                   // that ended the run; 0: none
    std::vector<std::string> losses;  // of output
    std::string native;               // whose code the devices were: a level, or "table: " and why
    std::optional<replay::Digests> digests;
};

// Errors: this host or the bundle cannot start the machine. However it ends, the terminal is as before when this
// returns, and all output is written. handlers: null where the machine has none.
Result<RunResult> run_machine(const plan::Bundle& bundle, const RunOptions& options, Handlers* handlers = nullptr);

// The process's status for it: outcome's, or 128 + signal as shells have it.
int exit_status(const RunResult& result);

}  // namespace nyx::cli
