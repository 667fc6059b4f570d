// nyx run [BUNDLE|FILE.ny]
#include "runtime/cli/run_options.h"

namespace nyx::cli {

namespace {

struct Arguments {
    std::string file;
    std::string machine;
    RunFlags flags;
};

int run(const Arguments& arguments) {
    auto source = find_bundle(arguments.file, arguments.machine);
    return source ? run_bundle(*source, arguments.flags) : fail_with(source.error());
}

}  // namespace

Runner add_run(CLI::App& command) {
    auto arguments = std::make_shared<Arguments>();
    command.add_option("FILE", arguments->file, "A bundle (.nyxb), or a .ny file; the one bundle in this folder");
    command.add_option("--machine", arguments->machine, "Which machine of a .ny file");
    add_run_flags(command, arguments->flags);
    add_deterministic(command, arguments->flags.turns);
    command.footer(
        "The guest's serial port is this terminal; Ctrl-A x leaves. Status: 0 when the guest powers off, its own\n"
        "where it has an exit device, 3 when this host cannot run it, 4 when the guest failed.\n"
        "Example:\n  nyx run machine.nyxb --exit-stats");
    return [arguments] { return run(*arguments); };
}

}  // namespace nyx::cli
