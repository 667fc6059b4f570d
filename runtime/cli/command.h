// What every command of nyx shares: how it is declared and the statuses it ends with (docs/cli.md).
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "runtime/base/result.h"

namespace nyx::cli {

enum ExitStatus : int {
    kDone = 0,
    kInputErrors = 1,  // nyxc printed diagnostics
    kWrongUsage = 2,
    kEnvironment = 3,  // no KVM, a file missing, a corrupt bundle
    kGuestFailed = 4,
};

// Does the command's work after its options were parsed; returns the exit status.
using Runner = std::function<int()>;

// add_<name>(command) declares the options of that command and returns what runs it.
#define NYX_COMMAND(name, summary) Runner add_##name(CLI::App& command);
#include "runtime/cli/commands.def"

// Prints "nyx: message" and the hint to stderr; returns kEnvironment, or kWrongUsage for an argument that cannot be
// right.
int fail_with(const Error& error);

// --format=text|json. The string lives as long as the command.
void add_format(CLI::App& command, std::string& format);

}  // namespace nyx::cli
