// Answers where a value of a machine comes from: `nyxc explain-value web.ny web.com1.base`.
//
// Pure; what it returns refers to the machines that it was given.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "compiler/model/machine.h"
#include "compiler/place/place.h"
#include "compiler/source/source_map.h"
#include "runtime/base/result.h"

namespace nyx::provenance {

// A machine of the file. placements: why its devices are where they are; empty where it could not be placed.
struct Subject {
    const model::Machine* machine = nullptr;
    std::span<const place::Placement> placements;
};

// A value, or a machine, device or record with what is in it.
struct Answer {
    std::string path;  // in full: "web.com1.base"
    model::Origin origin;
    std::vector<Answer> inside;  // by path; empty for a plain value

    // As the one place that counts says it; empty: it is no value itself.
    std::string value() const { return origin.steps.empty() ? std::string() : origin.steps.front().value; }
};

// path: "web.com1.base", without the machine where there is only one ("com1.base"), and with a device's type where one
// likes
// ("web.serial.com1.base"). kInvalidArgument with what was probably meant.
Result<Answer> find(std::span<const Subject> machines, const std::string& path);

// The chain with its lines of source, as diagnostics show them; of something with values in it one line for each.
std::string as_text(const Answer& answer, const source::SourceMap& sources, bool color);
std::string as_json(const Answer& answer, const source::SourceMap& sources);

}  // namespace nyx::provenance
