// What the programs of this project share as commands: how one is declared, the statuses it ends with, and all that
// follows from the declarations: parsing, --help, the manual page, shell completions (docs/cli.md).
//
// Single-threaded.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <span>
#include <string>

#include "runtime/base/result.h"

namespace nyx::command {

enum ExitStatus : int {
    kDone = 0,
    kInputErrors = 1,  // the source has mistakes; diagnostics were printed
    kWrongUsage = 2,
    kEnvironment = 3,  // no KVM, a file missing, a disk full, a corrupt bundle
    kGuestFailed = 4,
};

// Does a command's work after its options were parsed; returns the exit status.
using Runner = std::function<int()>;

struct Command {
    const char* name = nullptr;
    const char* summary = nullptr;
    Runner (*declare)(CLI::App& command) = nullptr;  // its options; returns what runs it
};

struct Program {
    const char* name = nullptr;
    const char* summary = nullptr;
    const char* example = nullptr;
    const char* version = nullptr;
    std::span<const Command> commands;  // in the order of --help
};

// The program's main().
int run(const Program& program, int argc, char** argv);

// Prints "program: message" and the hint to stderr; returns kEnvironment, or kWrongUsage for an argument that cannot be
// right.
int fail_with(const char* program, const Error& error);

// --format with these choices, the first of which is the default. `format` lives as long as the command.
void add_format(CLI::App& command, std::string& format, std::vector<std::string> choices = {"text", "json"});

// The manual page, in roff's man macros.
std::string manual(const CLI::App& app, const Program& program);
// shell: "bash", "zsh" or "fish".
std::string completion(const CLI::App& app, const std::string& shell);

}  // namespace nyx::command
