// nyxc check FILE…
#include <memory>

#include "compiler/driver/command.h"
#include "compiler/driver/pipeline.h"
#include "compiler/driver/report.h"

namespace nyx::driver {

namespace {

struct Options {
    std::vector<std::string> files;
    bool syntax_only = false;
    ReportOptions report;
};

Status look_at(Compilation& compilation, const std::string& file, bool syntax_only) {
    if (syntax_only) {
        NYX_TRY(parse_file(compilation, file));
    } else {
        NYX_TRY(check_everything(compilation, file));
    }
    return {};
}

// All files are looked at, whatever is wrong with one of them.
int check(const Options& options) {
    Compilation compilation;
    int unreadable = kDone;
    for (const std::string& file : options.files) {
        if (Status looked_at = look_at(compilation, file, options.syntax_only); !looked_at) {
            unreadable = fail_with(std::move(looked_at).error());
        }
    }
    int status = report(compilation.sources, compilation.sink, options.report);
    return unreadable != kDone ? unreadable : status;
}

}  // namespace

Runner add_check(CLI::App& command) {
    auto options = std::make_shared<Options>();
    command.add_option("FILE", options->files, "Source files")->required();
    command.add_flag("--syntax-only", options->syntax_only, "Stop after parsing");
    add_report_options(command, options->report);
    command.footer("Example:\n  nyxc check --format=json machine.ny");
    return [options] { return check(*options); };
}

}  // namespace nyx::driver
