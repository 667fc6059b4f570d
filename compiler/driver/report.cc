#include "compiler/driver/report.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "compiler/diagnostics/console.h"
#include "compiler/diagnostics/json.h"
#include "compiler/driver/command.h"
#include "nyx_version.h"

namespace nyx::driver {

using diagnostics::Diagnostic;
using diagnostics::Severity;

namespace {

// More than anybody reads; what is left out is counted.
constexpr std::size_t kMaxShown = 1000;

void write(std::FILE* stream, const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stream);
}

std::string counted(std::size_t count, const char* word) {
    return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

void print_summary(const diagnostics::Sink& sink, const std::vector<Diagnostic>& all, std::size_t shown) {
    auto warnings =
        std::count_if(all.begin(), all.end(), [](const Diagnostic& d) { return d.severity == Severity::kWarning; });
    std::string text = counted(sink.error_count(), "error");
    if (warnings > 0) text += ", " + counted(static_cast<std::size_t>(warnings), "warning");
    if (shown < all.size()) text += fmt::format("; the first {} are shown", shown);
    fmt::print(stderr, "{}\n", text);
}

}  // namespace

bool use_color(const std::string& choice, int descriptor) {
    if (choice != "auto") return choice == "always";
    const char* no_color = std::getenv("NO_COLOR");  // https://no-color.org
    return ::isatty(descriptor) == 1 && (!no_color || !*no_color);
}

void add_color_option(CLI::App& command, ReportOptions& options) {
    command.add_option("--color", options.color, "Colour in text: auto, always or never")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->capture_default_str();
}

void add_report_options(CLI::App& command, ReportOptions& options) {
    command
        .add_option("--format", options.format,
                    "How diagnostics are printed: text, json (one object a line) or sarif (2.1.0)")
        ->check(CLI::IsMember({"text", "json", "sarif"}))
        ->capture_default_str();
    add_color_option(command, options);
}

int report(const source::SourceMap& sources, const diagnostics::Sink& sink, const ReportOptions& options) {
    std::vector<Diagnostic> all = sink.sorted();
    std::size_t shown = std::min(all.size(), kMaxShown);
    std::vector<Diagnostic> first(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(shown));
    if (options.format == "sarif") write(stdout, diagnostics::sarif_log(sources, first, NYX_VERSION));
    bool color = use_color(options.color, STDERR_FILENO);
    for (const Diagnostic& diagnostic : first) {
        if (options.format == "json") write(stdout, diagnostics::json_line(sources, diagnostic));
        if (options.format == "text") write(stderr, diagnostics::console_text(sources, diagnostic, color) + "\n");
    }
    if (!all.empty() && options.format == "text") print_summary(sink, all, shown);
    return sink.has_errors() ? kInputErrors : kDone;
}

}  // namespace nyx::driver
