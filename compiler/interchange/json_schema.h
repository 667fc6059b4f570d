// The declarations of stdlib as a JSON Schema (2020-12): what `nyxc emit json` writes is valid by it.
//
// Quantities are texts with a unit ("2 GiB") or, as in the language, whole numbers of base units; ranges are checked
// for the numbers and said for the texts. A record is its name where none of its arguments is needed, else an object
// whose `type` is the name. Pure; the same declarations give the same bytes.
#pragma once

#include <string>

#include "compiler/check/schema.h"

namespace nyx::interchange {

// version: of nyxc. The heap of the default values must be alive.
std::string json_schema(const check::Schemas& schemas, const std::string& version);

}  // namespace nyx::interchange
