// The one style of Nyx: a text to the same text, laid out (docs/style-of-nyx.md).
//
// Words keep their order and spelling and comments their place, so the syntax tree stays what it was; formatting what
// is formatted changes nothing. A text with syntax errors is not touched: the errors are in `sink`, the result is
// empty. Pure, and linear in the size of the text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source_map.h"
#include "runtime/base/span.h"

namespace nyx::format {

std::optional<std::string> format(const source::SourceMap& sources, std::uint32_t file, diagnostics::Sink& sink);

struct Edit {
    Span span;
    std::string text;
};

// What format() changes between the words that touch `range`, as edits in the order of the text. Each may be applied
// without the others.
std::optional<std::vector<Edit>> edits(const source::SourceMap& sources, Span range, diagnostics::Sink& sink);

}  // namespace nyx::format
