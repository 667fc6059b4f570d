// nyx inspect NAME [DEVICE[.REGISTER]]
#include <cstdio>
#include <memory>

#include "runtime/cli/command.h"
#include "runtime/cli/device_views.h"
#include "runtime/control/client.h"

namespace nyx::cli {

namespace {

struct Arguments {
    std::string name;
    std::string wanted;
    std::string format = "text";
};

int inspect(const Arguments& arguments) {
    auto answer = control::request(arguments.name, "GET", "/devices");
    if (!answer) return fail_with(answer.error());
    auto chosen = select_devices(*answer, arguments.wanted);
    if (!chosen) return fail_with(chosen.error());
    if (arguments.format == "json")
        fmt::print("{}\n", chosen->dump(2));
    else
        std::fputs(devices_text(*chosen).c_str(), stdout);
    return kDone;
}

}  // namespace

Runner add_inspect(CLI::App& command) {
    auto arguments = std::make_shared<Arguments>();
    command.add_option("NAME", arguments->name, "The running machine, as `nyx ps` lists it")->required();
    command.add_option("WHAT", arguments->wanted, "A device, or DEVICE.REGISTER; without it, everything");
    add_format(command, arguments->format);
    command.footer("Example:\n  nyx inspect hello com1.lcr");
    return [arguments] { return inspect(*arguments); };
}

}  // namespace nyx::cli
