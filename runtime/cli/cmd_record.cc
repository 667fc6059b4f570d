// nyx record -o FILE [BUNDLE|FILE.ny]: nyx run --deterministic, with a recording.
#include "runtime/cli/run_options.h"

namespace nyx::cli {

Runner add_record(CLI::App& command) {
    auto arguments = std::make_shared<NamedRun>();
    TurnFlags& turns = arguments->flags.turns;
    turns.deterministic = true;
    command.add_option("-o,--output", turns.recording, "The recording (.nyxr), written while the machine runs")
        ->required();
    add_named_run(command, *arguments);
    add_turn_flags(command, turns, nullptr);
    command.footer(
        "As `nyx run --deterministic`; `nyx replay` runs the recording again. A .ny file is built for this run only:\n"
        "record a bundle to replay it later.\n"
        "Example:\n  nyx record -o session.nyxr machine.nyxb");
    return [arguments] { return run_named(*arguments); };
}

}  // namespace nyx::cli
