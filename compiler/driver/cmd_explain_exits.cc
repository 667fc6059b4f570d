// nyxc explain-exits FILE
#include <memory>

#include "compiler/driver/choose_machine.h"
#include "compiler/driver/command.h"
#include "compiler/driver/deliver.h"
#include "compiler/driver/pipeline.h"
#include "compiler/driver/report.h"
#include "compiler/exits/exits.h"

namespace nyx::driver {

namespace {

struct Options {
    std::string file;
    std::string machine;
    std::string format = "text";
    std::string color = "auto";
};

int explain_exits(const Options& options) {
    Compilation compilation;
    auto checked = check_file(compilation, options.file);
    if (!checked) return fail_with(checked.error());
    auto chosen = choose_machine(*checked, options.file, options.machine);
    auto compiled = chosen ? compile_machine(compilation, checked->machines[*chosen]) : std::nullopt;
    int reported = report(compilation.sources, compilation.sink, {"text", options.color});
    if (reported != kDone) return reported;
    if (!chosen) return fail_with(chosen.error());
    if (!compiled) return kInputErrors;
    const auto devices = exits::predict(compiled->placed.plan, compiled->programs);
    return deliver(options.format == "json" ? exits::as_json(devices) : exits::as_text(devices));
}

}  // namespace

Runner add_explain_exits(CLI::App& command) {
    auto options = std::make_shared<Options>();
    command.add_option("FILE", options->file, "Source file")->required();
    command.add_option("--machine", options->machine, "Which machine, where the file has several");
    command.add_option("--format", options->format, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    command.add_option("--color", options->color, "Colour in messages: auto, always or never")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->capture_default_str();
    command.footer("Example:\n  nyxc explain-exits machine.ny");
    return [options] { return explain_exits(*options); };
}

}  // namespace nyx::driver
