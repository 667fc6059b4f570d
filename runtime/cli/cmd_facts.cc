// nyx facts
#include <cstdio>

#include "runtime/cli/command.h"
#include "runtime/cli/host_facts.h"

namespace nyx::cli {

static int facts() {
    fmt::print("{}\n", facts_json(gather_facts()).dump(2));
    return kDone;
}

Runner add_facts(CLI::App& command) {
    command.footer("Keys are stable and sorted.\nExample:\n  nyx facts > facts.json");
    return facts;
}

}  // namespace nyx::cli
