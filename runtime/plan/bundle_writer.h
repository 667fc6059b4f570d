// Makes the bytes of a bundle (docs/bundle.md). The same contents give the same bytes.
#pragma once

#include <map>
#include <string>

#include "runtime/base/bytes.h"
#include "runtime/base/result.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::plan {

struct BundleContents {
    MachinePlan plan;
    HostWiring wiring;
    std::map<std::string, Bytes> tables;            // section name ("acpi") → bytes, for each of plan.tables
    std::map<std::string, Bytes> images;            // image id → bytes, for those to embed
    std::map<std::string, std::string> references;  // image id → path, for the others
    Bytes script;                                   // empty: none
};

// kInvalidArgument where the contents do not fit their plan.
Result<Bytes> write_bundle(const BundleContents& contents);

}  // namespace nyx::plan
