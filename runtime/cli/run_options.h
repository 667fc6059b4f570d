// The options that `nyx run` and `nyx boot` share, and what both do with a bundle.
#pragma once

#include <memory>
#include <string>

#include "runtime/cli/accelerator.h"
#include "runtime/cli/bundle_source.h"
#include "runtime/cli/command.h"

namespace nyx::cli {

// Of a run that two runs of are the same.
struct TurnFlags {
    bool deterministic = false;
    std::uint64_t seed = 0;
    std::string date;           // empty: the default
    std::uint64_t stop_at = 0;  // instructions; 0: nowhere
    bool digest = false;
    std::string recording;  // path; empty: none
};

struct RunFlags {
    std::string name;
    std::string serial;
    double timeout_s = 0;
    bool exit_stats = false;
    bool every_exit = false;
    bool irqfd = false;
    std::string native = "auto";
    std::string profile;  // path; empty: none
    bool huge_pages = false;
    std::string on_reset = "restart";
    std::string on_triple_fault = "report";
    AcceleratorOptions accelerator;
    std::string format = "text";
    TurnFlags turns;
};

// Lives as long as the command.
void add_run_flags(CLI::App& command, RunFlags& flags);
// --deterministic, and those that need it.
void add_deterministic(CLI::App& command, TurnFlags& flags);
// deterministic: the flag that they need; null: none, the command's runs always are.
void add_turn_flags(CLI::App& command, TurnFlags& flags, CLI::Option* deterministic);

// Runs it and reports; the process's exit status.
int run_bundle(const BundleSource& source, const RunFlags& flags);

// Of the commands that run what the user names.
struct NamedRun {
    std::string file;  // as find_bundle() takes it
    std::string machine;
    RunFlags flags;
};
void add_named_run(CLI::App& command, NamedRun& run);
int run_named(const NamedRun& run);

}  // namespace nyx::cli
