// How the commands print diagnostics: --format and --color, and the summary line.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source_map.h"

namespace nyx::driver {

struct ReportOptions {
    std::string format = "text";  // text, json, sarif
    std::string color = "auto";   // auto, always, never
};

void add_color_option(CLI::App& command, ReportOptions& options);
// --format as well: for commands whose result is the report.
void add_report_options(CLI::App& command, ReportOptions& options);

// Whether text that goes to this descriptor is coloured.
bool use_color(const std::string& choice, int descriptor);

// Text to stderr, JSON lines and SARIF to stdout. Returns kInputErrors when there was an error, else kDone.
int report(const source::SourceMap& sources, const diagnostics::Sink& sink, const ReportOptions& options);

}  // namespace nyx::driver
