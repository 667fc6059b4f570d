// nyx: the command line. Contract: docs/cli.md.
#include <cstdio>
#include <string>
#include <vector>

#include "nyx_version.h"
#include "runtime/cli/command.h"

namespace nyx::cli {

namespace {

struct Declared {
    CLI::App* app;
    Runner run;
};

// Usage to stdout when it was asked for, else the mistake to stderr.
int usage_exit(const CLI::App& app, const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    const CLI::App* command = &app;
    if (!app.get_subcommands().empty()) command = app.get_subcommands().front();
    std::string name = command == &app ? "" : " " + command->get_name();
    fmt::print(stderr, "nyx{}: {}\nTry `nyx{} --help`.\n", name, error.what(), name);
    return kWrongUsage;
}

int run(int argc, char** argv) {
    CLI::App app("Runs virtual machines on KVM, from the bundles that `nyxc` makes.", "nyx");
    app.set_version_flag("--version", "nyx " NYX_VERSION);
    app.require_subcommand(1);
    app.footer("Example:\n  nyx run machine.nyxb");
    std::vector<Declared> commands;
#define NYX_COMMAND(name, summary)                              \
    {                                                           \
        CLI::App* command = app.add_subcommand(#name, summary); \
        commands.push_back({command, add_##name(*command)});    \
    }
#include "runtime/cli/commands.def"
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return usage_exit(app, error);
    }
    for (const Declared& command : commands) {
        if (command.app->parsed()) return command.run();
    }
    return kWrongUsage;
}

}  // namespace

}  // namespace nyx::cli

int main(int argc, char** argv) {
    return nyx::cli::run(argc, argv);
}
