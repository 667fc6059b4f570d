// nyxc check [--fix [--dry-run]] FILE…
#include <algorithm>
#include <memory>

#include "compiler/diagnostics/unified_diff.h"
#include "compiler/driver/command.h"
#include "compiler/driver/fix_text.h"
#include "compiler/driver/pipeline.h"
#include "compiler/driver/replace_file.h"
#include "compiler/driver/report.h"
#include "compiler/format/format.h"
#include "compiler/syntax/parser.h"

namespace nyx::driver {

namespace {

struct Options {
    std::vector<std::string> files;
    bool syntax_only = false;
    bool fix = false;
    bool dry_run = false;
    ReportOptions report;
};

// text: instead of the file's. Returns which file of the compilation it is.
Result<std::uint32_t> look_at(Compilation& compilation, const std::string& path, bool syntax_only,
                              std::optional<std::string> text = std::nullopt) {
    if (syntax_only) {
        std::uint32_t file = 0;
        if (text) {
            file = compilation.sources.add(path, std::move(*text));
        } else {
            NYX_ASSIGN(file, compilation.sources.load(path));
        }
        syntax::parse(compilation.sources, file, compilation.sink);
        return file;
    }
    NYX_ASSIGN(Checked checked, check_everything(compilation, path, std::move(text)));
    return checked.file;
}

// Says what was done on stdout, or on stderr where the diagnostics are on stdout.
void tell(const Options& options, const std::string& text) {
    fmt::print(options.report.format == "text" ? stdout : stderr, "{}", text);
}

// Nothing where it has syntax errors.
std::optional<std::string> formatted(const std::string& path, const std::string& text) {
    Compilation compilation;
    std::uint32_t file = compilation.sources.add(path, text);
    return format::format(compilation.sources, file, compilation.sink);
}

// Replaces the file by its text with all certain fixes in it. A file that was formatted stays so.
// Returns what is now in it, or would be.
Result<std::string> fix_file(const Options& options, const std::string& path) {
    if (path == "-") return fail({ErrorCode::kInvalidArgument, "--fix changes files", "name a file instead of `-`"});
    source::SourceMap sources;
    NYX_ASSIGN(std::uint32_t loaded, sources.load(path));
    const std::string& before = sources.file(loaded).text;
    NYX_ASSIGN(FixedText fixed, fix_text(before, [&](const std::string& text) -> Result<Findings> {
                   Compilation compilation;
                   NYX_ASSIGN(std::uint32_t file, look_at(compilation, path, options.syntax_only, text));
                   return Findings{file, compilation.sink.sorted()};
               }));
    if (fixed.text == before) return before;
    if (formatted(path, before) == before) fixed.text = formatted(path, fixed.text).value_or(fixed.text);
    if (options.dry_run) {
        tell(options, diagnostics::unified_diff(path, before, fixed.text));
        return std::move(fixed.text);
    }
    NYX_TRY(replace_file(path, before, fixed.text));
    tell(options, fmt::format("fixed {}: {} fix{}\n", path, fixed.applied, fixed.applied == 1 ? "" : "es"));
    return std::move(fixed.text);
}

Status check_file(Compilation& compilation, const Options& options, const std::string& path) {
    std::optional<std::string> text;
    if (options.fix) {
        NYX_ASSIGN(text, fix_file(options, path));
    }
    NYX_TRY(look_at(compilation, path, options.syntax_only, std::move(text)));
    return {};
}

// All files are looked at, whatever is wrong with one of them.
int check(const Options& options) {
    Compilation compilation;
    int unreadable = kDone;
    for (const std::string& file : options.files) {
        if (Status looked_at = check_file(compilation, options, file); !looked_at) {
            unreadable = std::max(unreadable, fail_with(std::move(looked_at).error()));
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
    auto* fix = command.add_flag("--fix", options->fix,
                                 "Apply the machine-applicable fixes to the files, then report what is left");
    command
        .add_flag("--dry-run", options->dry_run, "Show what --fix would change as a unified diff, and change nothing")
        ->needs(fix);
    add_report_options(command, options->report);
    command.footer(
        "--fix leaves a fix out after which there would be more errors. The exit status is that of what is left.\n\n"
        "Example:\n  nyxc check --fix machine.ny");
    return [options] { return check(*options); };
}

}  // namespace nyx::driver
