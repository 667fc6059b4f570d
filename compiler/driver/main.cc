// nyxc: the command line. Contract: docs/cli.md.
#include "compiler/driver/command.h"
#include "nyx_version.h"

int main(int argc, char** argv) {
    using namespace nyx::driver;
    static constexpr nyx::command::Command kCommands[] = {
#define NYX_COMMAND(name, summary) {#name, summary, &add_##name},
#include "compiler/driver/commands.def"
    };
    return nyx::command::run({"nyxc", "Compiles machines written in Nyx (.ny) into bundles that `nyx` runs.",
                              "nyxc build machine.ny", NYX_VERSION, kCommands},
                             argc, argv);
}
