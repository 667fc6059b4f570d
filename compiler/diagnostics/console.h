// A diagnostic as people read it on a terminal: the message, the lines of source with their spans underlined, notes and
// helps.
//
// Source text is shown without letting it do anything to the terminal: control characters become '·' and what is not
// UTF-8 U+FFFD; long lines are cut around the span. Pure.
#pragma once

#include <string>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source_map.h"

namespace nyx::diagnostics {

// The same without severity and code, for what is not a finding: `title`, then the marked lines, notes and helps.
std::string marked_text(const source::SourceMap& sources, const std::string& title, const Diagnostic& shown,
                        bool color);

// Ends with a line break.
std::string console_text(const source::SourceMap& sources, const Diagnostic& diagnostic, bool color);

}  // namespace nyx::diagnostics
