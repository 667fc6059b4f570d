// nyx record -o FILE [BUNDLE|FILE.ny]: nyx run --deterministic, with a recording.
#include "runtime/cli/run_options.h"

namespace nyx::cli {

namespace {

struct Arguments {
    std::string file;
    std::string machine;
    RunFlags flags;
};

int record(const Arguments& arguments) {
    auto source = find_bundle(arguments.file, arguments.machine);
    return source ? run_bundle(*source, arguments.flags) : fail_with(source.error());
}

}  // namespace

Runner add_record(CLI::App& command) {
    auto arguments = std::make_shared<Arguments>();
    TurnFlags& turns = arguments->flags.turns;
    turns.deterministic = true;
    command.add_option("-o,--output", turns.recording, "The recording (.nyxr), written while the machine runs")
        ->required();
    command.add_option("FILE", arguments->file, "A bundle (.nyxb), or a .ny file; the one bundle in this folder");
    command.add_option("--machine", arguments->machine, "Which machine of a .ny file");
    add_run_flags(command, arguments->flags);
    add_turn_flags(command, turns, nullptr);
    command.footer(
        "As `nyx run --deterministic`; `nyx replay` runs the recording again. A .ny file is built for this run only:\n"
        "record a bundle to replay it later.\n"
        "Example:\n  nyx record -o session.nyxr machine.nyxb");
    return [arguments] { return record(*arguments); };
}

}  // namespace nyx::cli
