// nyx boot: writes the machine that the options describe as a .ny file in a private folder, and runs it.
#include <filesystem>

#include "runtime/base/file.h"
#include "runtime/cli/boot_source.h"
#include "runtime/cli/run_options.h"

namespace nyx::cli {

namespace {

struct Arguments {
    BootRequest request;
    bool print = false;
    RunFlags flags;
};

Result<BundleSource> build(const BootRequest& request) {
    NYX_ASSIGN(std::string text, boot_source(request));
    NYX_ASSIGN(std::unique_ptr<TempFolder> folder, TempFolder::create());
    std::string path = folder->path() + "/boot.ny";
    NYX_TRY(write_file(path, as_bytes(text)));
    return compile(path, "", std::move(folder));
}

int boot(const Arguments& arguments) {
    if (arguments.print) {
        auto text = boot_source(arguments.request);
        if (!text) return fail_with(text.error());
        std::fwrite(text->data(), 1, text->size(), stdout);
        return kDone;
    }
    auto source = build(arguments.request);
    return source ? run_bundle(*source, arguments.flags) : fail_with(source.error());
}

}  // namespace

Runner add_boot(CLI::App& command) {
    auto arguments = std::make_shared<Arguments>();
    BootRequest& request = arguments->request;
    auto* kernel = command.add_option("--kernel", request.kernel, "A Linux kernel: bzImage or vmlinux");
    command.add_option("--initrd", request.initrd, "Its initial RAM disk")->needs(kernel);
    command.add_option("--cmdline", request.cmdline, "Its command line")->needs(kernel)->capture_default_str();
    auto* binary = command.add_option("--binary", request.binary, "Raw bytes to run")->excludes(kernel);
    command.add_option("--entry", request.entry, "Address of its first instruction, such as 0x100000")->needs(binary);
    command.add_option("--load", request.load, "Address of its first byte; the entry's where it is left out")
        ->needs(binary);
    command.add_option("--mode", request.mode, "State of the CPU at the entry: 16, 32 or 64 bits")
        ->needs(binary)
        ->check(CLI::IsMember({"16", "32", "64"}))
        ->capture_default_str();
    command.add_option("--disk", request.disks, "A disk image (raw), as /dev/vda to a Linux; may be given again");
    command.add_flag("--net", request.network, "A network card on the user-mode network");
    command.add_option("--mem", request.memory, "Memory, such as 128M or 2G")->capture_default_str();
    command.add_option("--cpus", request.cpus, "Virtual CPUs")->check(CLI::Range(1, 255))->capture_default_str();
    command.add_flag("--print", arguments->print, "Print the machine as a .ny file instead of running it");
    add_run_flags(command, arguments->flags);
    add_deterministic(command, arguments->flags.turns);
    command.footer(
        "Example:\n  nyx boot --kernel vmlinux --initrd initrd.img --cmdline console=ttyS0 --mem 512M\n"
        "  nyx boot --binary guest.bin --entry 0x100000 --mem 16M");
    return [arguments] { return boot(*arguments); };
}

}  // namespace nyx::cli
