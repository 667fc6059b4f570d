// The meaning of a program, before it runs: names, types, and the mistakes that are certain in code that may never run.
//
// No false errors: whatever is not certain is of unknown type and silent. What `sink` already says about a place is not
// said again. Linear in the size of the program.
#pragma once

#include "compiler/analyze/model.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/lower/lower.h"
#include "compiler/source/source_map.h"

namespace nyx::analyze {

// `program` and `sources` must outlive the model. A program with mistakes has a model too.
Model analyze(const lower::Program& program, const source::SourceMap& sources, diagnostics::Sink& sink);

}  // namespace nyx::analyze
