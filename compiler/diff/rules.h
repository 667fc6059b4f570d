// From the kind of a fact and how it changed to what that means (rules.def).
#pragma once

#include <span>
#include <string_view>

#include "compiler/diff/diff.h"

namespace nyx::diff {

enum class ChangeKind : std::uint8_t { kAny, kAdded, kRemoved, kChanged, kMore, kLess };

struct Rule {
    std::string_view kind;
    ChangeKind change;
    Class strength;
    const char* reason;
};

std::span<const Rule> rules();

struct Verdict {
    Class strength;
    const char* reason;
};
Verdict judge(std::string_view kind, ChangeKind change);

}  // namespace nyx::diff
