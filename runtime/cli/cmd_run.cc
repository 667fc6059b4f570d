// nyx run [BUNDLE|FILE.ny]
#include "runtime/cli/run_options.h"

namespace nyx::cli {

Runner add_run(CLI::App& command) {
    auto arguments = std::make_shared<NamedRun>();
    add_named_run(command, *arguments);
    add_deterministic(command, arguments->flags.turns);
    command.footer(
        "The guest's serial port is this terminal; Ctrl-A x leaves. Status: 0 when the guest powers off, its own\n"
        "where it has an exit device, 3 when this host cannot run it, 4 when the guest failed.\n"
        "Example:\n  nyx run machine.nyxb --exit-stats");
    return [arguments] { return run_named(*arguments); };
}

}  // namespace nyx::cli
