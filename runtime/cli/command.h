// The commands of nyx. What all commands share is in runtime/command.
#pragma once

#include "runtime/command/command.h"

namespace nyx::cli {

using command::add_format;
using enum command::ExitStatus;
using command::Runner;

// add_<name>(command) declares the options of that command and returns what runs it.
#define NYX_COMMAND(name, summary) Runner add_##name(CLI::App& command);
#include "runtime/cli/commands.def"

inline int fail_with(const Error& error) {
    return command::fail_with("nyx", error);
}

}  // namespace nyx::cli
