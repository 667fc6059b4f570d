// Makes the bytes of a bundle (docs/bundle.md). The same contents give the same bytes.
#pragma once

#include <map>
#include <string>

#include "devices/ir/program.h"
#include "runtime/base/bytes.h"
#include "runtime/base/result.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::plan {

struct BundleContents {
    MachinePlan plan;
    HostWiring wiring;
    RunPreferences preferences;
    std::vector<dev::ir::Program> programs;         // by name, for each of plan.programs
    std::map<std::string, Bytes> code;              // level ("x86-64-v1") → object; only with programs
    std::map<std::string, Bytes> tables;            // section name ("acpi") → bytes, for each of plan.tables
    std::map<std::string, ByteView> images;         // image id → bytes, not owned, for those to embed
    std::map<std::string, std::string> references;  // image id → path, for the others
    Bytes script;                                   // empty: none
};

// kInvalidArgument where the contents do not fit their plan. An image's digest is taken from there, not computed again.
Result<Bytes> write_bundle(const BundleContents& contents);
// The same as a file, without a copy of the images in memory.
Status write_bundle_file(const std::string& path, const BundleContents& contents);

}  // namespace nyx::plan
