// What every command of nyxc shares: how it is declared and the statuses it ends with (docs/cli.md).
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "runtime/base/result.h"

namespace nyx::driver {

enum ExitStatus : int {
    kDone = 0,
    kInputErrors = 1,  // diagnostics were printed
    kWrongUsage = 2,
    kEnvironment = 3,  // a file missing, a disk full
};

// Does the command's work after its options were parsed; returns the exit status.
using Runner = std::function<int()>;

// add_<name>(command) declares the options of that command and returns what runs it.
#define NYX_COMMAND(name, summary) Runner add_##name(CLI::App& command);
#include "compiler/driver/commands.def"

// Prints "nyxc: message" and the hint to stderr; returns kEnvironment, or kWrongUsage for an argument that cannot be
// right.
int fail_with(const Error& error);

}  // namespace nyx::driver
