// The options that `nyx run` and `nyx boot` share, and what both do with a bundle.
#pragma once

#include <memory>
#include <string>

#include "runtime/cli/accelerator.h"
#include "runtime/cli/bundle_source.h"
#include "runtime/cli/command.h"

namespace nyx::cli {

struct RunFlags {
    std::string name;
    std::string serial;
    double timeout_s = 0;
    bool exit_stats = false;
    bool huge_pages = false;
    std::string on_reset = "restart";
    std::string on_triple_fault = "report";
    AcceleratorOptions accelerator;
    std::string format = "text";
};

// Lives as long as the command.
void add_run_flags(CLI::App& command, RunFlags& flags);

// Runs it and reports; the process's exit status.
int run_bundle(const BundleSource& source, const RunFlags& flags);

}  // namespace nyx::cli
