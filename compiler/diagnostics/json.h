// Diagnostics for programs: JSON lines, and SARIF 2.1.0 for code-scanning services. Lines and columns count from 1;
// columns are code points, and end is the column after the last one. Pure.
#pragma once

#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source_map.h"

namespace nyx::diagnostics {

// One object on one line: code, severity, message, file, line, column, end_line, end_column, label, labels, notes,
// helps, fixes.
std::string json_line(const source::SourceMap& sources, const Diagnostic& diagnostic);

// The whole log, for `all` in the order given. version: of nyxc.
std::string sarif_log(const source::SourceMap& sources, const std::vector<Diagnostic>& all, std::string_view version);

}  // namespace nyx::diagnostics
