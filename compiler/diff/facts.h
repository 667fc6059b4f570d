// A machine as a list of facts, each with the path by which its author knows it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/diff/diff.h"

namespace nyx::diff {

struct Fact {
    std::string kind;  // of rules.def
    std::string path;  // without the machine's name
    std::string key;   // equal keys: the same value
    std::string text;
    std::optional<std::uint64_t> number;                      // can be more or less
    std::vector<std::pair<std::string, std::uint32_t>> bits;  // the same, bit by bit; sorted by name
    Span where;
    bool is_default = false;
    bool follows = false;
};

// names: the other machine, for the names of resources where this one is a bundle's.
std::vector<Fact> facts_of(const Side& side, const Side& names);

}  // namespace nyx::diff
