// What a function can still do when some bits of the state are known.
#pragma once

#include <span>

#include "devices/ir/effects.h"

namespace nyx::dev::ir {

// A bit of a scalar field, as it stands.
struct ModeBit {
    std::uint32_t field = 0;
    std::uint8_t bit = 0;
    bool value = false;
    bool operator==(const ModeBit&) const = default;
};

struct Outcome {
    Effects effects;          // of every way through it that is left
    std::size_t reached = 0;  // instructions
    bool never = false;       // it returns 0, whatever else holds
};

// Nothing is known of arguments, and of a field that the function itself changes.
Outcome outcome_while(const Function& function, std::span<const ModeBit> bits);

}  // namespace nyx::dev::ir
