// nyx: the command line. Contract: docs/cli.md.
#include "nyx_version.h"
#include "runtime/cli/command.h"

int main(int argc, char** argv) {
    using namespace nyx::cli;
    static constexpr nyx::command::Command kCommands[] = {
#define NYX_COMMAND(name, summary) {#name, summary, &add_##name},
#include "runtime/cli/commands.def"
    };
    return nyx::command::run({"nyx", "Runs virtual machines on KVM, from the bundles that `nyxc` makes.",
                              "nyx run machine.nyxb", NYX_VERSION, kCommands},
                             argc, argv);
}
