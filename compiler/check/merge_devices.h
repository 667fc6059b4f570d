// The devices of one machine, level by level. Part of merge_machines().
#pragma once

#include <string>

#include "compiler/check/merge.h"

namespace nyx::check {

// Fills machine.devices from machine.levels; a mistake takes machine.is_sound away. Those of a base are reported with
// it.
void merge_devices(MergedMachine& machine, const Schemas& schemas, const source::SourceMap& sources,
                   diagnostics::Sink& sink);

void report_bad_name(Span where, const std::string& name, diagnostics::Sink& sink);

}  // namespace nyx::check
