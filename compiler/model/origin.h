// Where the values of a machine come from: each with the places that had a say in it. Data only.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "runtime/base/span.h"

namespace nyx::model {

// A part of the expression that gave a value, and what it was: `n` in `memory = n * 1 GiB`.
struct OriginPart {
    Span where;
    std::string value;
};

// A place that says what a value is.
struct OriginStep {
    enum class Kind {
        kDefault,   // the schema's declaration
        kSet,       // a block of `by`: the machine itself, one that it extends, the board
        kAssigned,  // chosen by compiler/place
    } kind = Kind::kSet;
    std::string by;     // the machine, or the schema of a default
    std::string value;  // as one would write it; of a device's block nothing
    Span where;
    std::vector<OriginPart> parts = {};  // in the order of evaluation
    std::string reason = {};             // why that one, where there was a choice
};

struct Origin {
    std::string type;               // "a size, such as 512 MiB"; of a device its type
    std::string doc;                // of the schema
    std::vector<OriginStep> steps;  // the one that counts first, then those that it stands before
};

// By path in the machine: "memory", "boot.kernel", "com1", "com1.base"; "" is the machine.
using Origins = std::map<std::string, Origin, std::less<>>;

}  // namespace nyx::model
