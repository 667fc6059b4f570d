// nyxc fmt [--check] FILE…
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>

#include "compiler/driver/command.h"
#include "compiler/driver/input.h"
#include "compiler/driver/pipeline.h"
#include "compiler/driver/replace_file.h"
#include "compiler/driver/report.h"
#include "compiler/format/format.h"

namespace nyx::driver {

namespace {

struct Options {
    std::vector<std::string> files;
    bool check = false;
    ReportOptions report;
};

// What was done, in one word a file; where nothing was, nothing is printed.
int settle(const Options& options, const std::string& path, const std::string& before, const std::string& after) {
    if (before == after) return kDone;
    if (!options.check) {
        if (Status written = replace_file(path, before, after); !written) return fail_with(written.error());
    }
    std::string shown = path == "-" ? "<stdin>" : path;
    fmt::print(stdout, "{}\n", options.check ? shown : "formatted " + shown);
    return options.check ? kInputErrors : kDone;
}

int format_file(Compilation& compilation, const Options& options, const std::string& path) {
    Result<std::uint32_t> file = 0u;
    if (path == "-") {
        auto text = read_input("-", std::size_t{64} << 20);
        if (!text) return fail_with(text.error());
        file = compilation.sources.add("<stdin>", std::move(*text));
    } else {
        file = compilation.sources.load(path);
    }
    if (!file) return fail_with(file.error());
    auto formatted = format::format(compilation.sources, *file, compilation.sink);
    if (!formatted) return kDone;  // reported together, below
    if (path != "-" || options.check) return settle(options, path, compilation.sources.file(*file).text, *formatted);
    bool written = std::fwrite(formatted->data(), 1, formatted->size(), stdout) == formatted->size();
    return written && std::fflush(stdout) == 0 ? kDone : fail_with(errno_error(errno, "standard output"));
}

// All files are formatted, whatever is wrong with one of them.
int run(const Options& options) {
    Compilation compilation;
    int worst = kDone;
    for (const std::string& path : options.files) worst = std::max(worst, format_file(compilation, options, path));
    return std::max(worst, report(compilation.sources, compilation.sink, options.report));
}

}  // namespace

Runner add_fmt(CLI::App& command) {
    auto options = std::make_shared<Options>();
    command.add_option("FILE", options->files, "Source files; `-` is standard input, which goes to standard output")
        ->required();
    command.add_flag("--check", options->check, "Change nothing: name the files that are not formatted, with status 1");
    add_color_option(command, options->report);
    command.footer("A file with syntax errors is left as it is, with status 1.\n\nExample:\n  nyxc fmt machine.ny");
    return [options] { return run(*options); };
}

}  // namespace nyx::driver
