// nyxc import FILE
#include <filesystem>
#include <memory>

#include "compiler/driver/command.h"
#include "compiler/driver/deliver.h"
#include "compiler/driver/emit_interchange.h"
#include "compiler/driver/input.h"
#include "compiler/driver/report.h"
#include "compiler/interchange/import.h"

namespace nyx::driver {

namespace fs = std::filesystem;
using interchange::Format;
using interchange::ImportedMachine;

namespace {

struct Options {
    std::string from;
    std::string file;
    std::string output;
    std::string name;
    bool force = false;
    ReportOptions report;
};

// Names that `cpuid_bit` has.
Result<std::vector<std::string>> feature_names() {
    std::vector<std::string> names;
    Status found = with_stdlib_schemas([&](const check::Schemas& schemas, const auto&, const auto&) -> Status {
        const check::Schema* profile = schemas.find("cpu_profile");
        const check::FieldSpec* field = profile ? profile->find("without") : nullptr;
        if (field && !field->type.element.empty()) names = field->type.element.front().choices;
        return {};
    });
    if (!found) return fail(found.error());
    return names;
}

Result<Format> format_of(const Options& options, const std::string& text) {
    for (Format format : {Format::kLibvirt, Format::kFirecracker, Format::kQemu})
        if (options.from == interchange::format_name(format)) return format;
    if (auto certain = interchange::recognize(text)) return *certain;
    return fail({ErrorCode::kInvalidArgument, options.file + ": it is not certain what this is",
                 "say it: --from libvirt, --from firecracker or --from qemu"});
}

void summarize(const ImportedMachine& machine, const Options& options) {
    std::size_t lost = machine.losses.size();
    fmt::print(stderr, "{}: {} part{} not carried over{}\n", options.file, lost, lost == 1 ? " was" : "s were",
               lost == 0 ? "" : ", each a comment in the result:");
    for (const interchange::Loss& loss : machine.losses)
        fmt::print(stderr, "  {}: {}\n", loss.line > 0 ? fmt::format("line {}: {}", loss.line, loss.what) : loss.what,
                   loss.reason);
    fs::path folder = fs::path(options.output).parent_path();
    for (const std::string& image : {machine.boot.image, machine.boot.initrd}) {
        std::error_code ignored;
        if (!image.empty() && !fs::exists(folder / image, ignored))
            fmt::print(stderr, "  {}: this file is not here; `nyxc check` and `nyxc build` need it\n", image);
    }
}

Status may_write(const Options& options) {
    std::error_code error;
    if (options.output.empty() || options.force || !fs::exists(fs::symlink_status(options.output, error))) return {};
    return fail({ErrorCode::kInvalidArgument, options.output + ": this file exists", "--force replaces it"});
}

int run(const Options& options) {
    if (Status free = may_write(options); !free) return fail_with(free.error());
    auto text = read_input(options.file, interchange::kMaxImport);
    if (!text) return fail_with(text.error());
    auto format = format_of(options, *text);
    if (!format) return fail_with(format.error());
    auto features = feature_names();
    if (!features) return fail_with(features.error());
    Compilation compilation;
    std::string shown = options.file == "-" ? "<stdin>" : options.file;
    std::uint32_t file = compilation.sources.add(shown, std::move(*text));
    auto machine = interchange::import_machine(compilation.sources, file, *format, *features, compilation.sink);
    int reported = report(compilation.sources, compilation.sink, options.report);
    if (!machine) return reported;
    if (!options.name.empty()) machine->name = options.name;
    if (machine->name.empty() && options.file != "-") machine->name = fs::path(options.file).stem().string();
    int delivered = deliver(interchange::source_of(*machine, *format, fs::path(shown).filename()), options.output);
    if (delivered == kDone) summarize(*machine, options);
    return delivered;
}

}  // namespace

Runner add_import(CLI::App& command) {
    auto options = std::make_shared<Options>();
    command.add_option("FILE", options->file, "What is imported; `-` is standard input")->required();
    command
        .add_option(
            "--from", options->from,
            "libvirt (domain XML), firecracker (its JSON) or qemu (a command line); without it, as the text says")
        ->check(CLI::IsMember({"libvirt", "firecracker", "qemu"}));
    command.add_option("-o,--output", options->output, "Where the source goes; without it, to standard output");
    command.add_option("--name", options->name, "Name of the machine (default: the one that FILE says)");
    command.add_flag("--force", options->force, "Replace a file that exists");
    add_color_option(command, options->report);
    command.footer(
        "What has no counterpart becomes a comment with its reason, and a line on standard error.\n\n"
        "Example:\n  nyxc import --from libvirt web.xml -o web.ny");
    return [options] { return run(*options); };
}

}  // namespace nyx::driver
