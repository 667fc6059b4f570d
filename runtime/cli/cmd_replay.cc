// nyx replay FILE [BUNDLE]
#include "runtime/cli/command.h"
#include "runtime/cli/run_replay.h"

namespace nyx::cli {

Runner add_replay(CLI::App& command) {
    auto options = std::make_shared<ReplayOptions>();
    command.add_option("FILE", options->recording, "A recording (.nyxr)")->required();
    command.add_option("BUNDLE", options->bundle, "The bundle (.nyxb), if it is no longer where it was recorded");
    command.add_option("--stop-at", options->stop_at, "Stop after so many instructions and print registers and code")
        ->check(CLI::PositiveNumber);
    command.add_flag("--interactive", options->interactive,
                     "Take commands, one a line: step, back, goto, continue, registers, memory, digest, quit");
    command.add_flag("--partial", options->partial, "Replay a recording that was cut off as far as it goes");
    command.add_flag("--digest", options->digest,
                     "At the end, print instruction counts and SHA-256 of memory and state");
    command.footer(
        "What the guest says goes to stdout. Status: 0 where the run agrees with the recording, 1 where it does not,\n"
        "3 when the recording is damaged or does not fit the bundle or this host.\n"
        "Example:\n  nyx replay session.nyxr --interactive");
    return [options] { return run_replay(*options); };
}

}  // namespace nyx::cli
