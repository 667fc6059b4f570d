// Machines for other programs: `nyxc emit json|yaml|libvirt FILE`, and `nyxc emit schema`.
#pragma once

#include <functional>
#include <string>

#include "compiler/check/schema.h"
#include "compiler/driver/pipeline.h"
#include "compiler/driver/report.h"

namespace nyx::driver {

struct InterchangeOptions {
    std::string form;
    std::string file;
    std::string output;   // empty: standard output
    std::string machine;  // empty: the only one
    ReportOptions report;
};

// Both return the exit status.
int emit_interchange(const InterchangeOptions& options);
int emit_schema(const std::string& output);

// What the standard library declares, with default values that live as long as the call of `use`.
Status with_stdlib_schemas(
    const std::function<Status(const check::Schemas&, const lower::Program&, const source::SourceMap&)>& use);

}  // namespace nyx::driver
