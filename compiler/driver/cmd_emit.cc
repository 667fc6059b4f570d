// nyxc emit STAGE FILE
#include <cerrno>
#include <cstdio>
#include <memory>

#include "compiler/driver/command.h"
#include "compiler/driver/pipeline.h"
#include "compiler/driver/report.h"
#include "compiler/syntax/ast_json.h"

namespace nyx::driver {

namespace {

struct Options {
    std::string stage;
    std::string file;
    ReportOptions report;
};

int print(const std::string& text) {
    bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    return written ? kDone : fail_with(errno_error(errno, "standard output"));
}

int emit(const Options& options) {
    Compilation compilation;
    auto module = parse_file(compilation, options.file);
    if (!module) return fail_with(std::move(module).error());
    // What could be parsed is shown even beside mistakes.
    int status = report(compilation.sources, compilation.sink, options.report);
    int printed = print(syntax::ast_json(compilation.sources, **module));
    return printed != kDone ? printed : status;
}

}  // namespace

Runner add_emit(CLI::App& command) {
    auto options = std::make_shared<Options>();
    command.add_option("STAGE", options->stage, "ast (JSON)")->required()->check(CLI::IsMember({"ast"}));
    command.add_option("FILE", options->file, "Source file")->required();
    add_color_option(command, options->report);
    command.footer("Example:\n  nyxc emit ast machine.ny");
    return [options] { return emit(*options); };
}

}  // namespace nyx::driver
