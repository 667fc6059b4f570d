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

// Ends with a line break.
std::string console_text(const source::SourceMap& sources, const Diagnostic& diagnostic, bool color);

}  // namespace nyx::diagnostics
