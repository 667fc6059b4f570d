// The constants that defaults are, as JSON.
#pragma once

#include <nlohmann/json.hpp>

#include "runtime/script/value.h"

namespace nyx::interchange {

using Json = nlohmann::ordered_json;

// Quantities are texts with their unit; a bare name is its text; `auto(…)` is "auto"; a record is its name, or an
// object whose `type` is its name and whose other members are its named arguments.
Json constant_json(const script::Value& value);

}  // namespace nyx::interchange
