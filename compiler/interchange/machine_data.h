// A machine as data: all its values, each device by its name. Valid by json_schema().
//
// Fields of the machine and of devices are all there, in the order of their declaration, with their defaults. A record
// is its name where it has no argument of its own, else an object with `type` and the arguments that are not at their
// default. Quantities are texts with the largest unit of which they are a whole number; what the compiler places is
// "auto". Numbers are whole and exact. Pure; equal machines give equal bytes.
#pragma once

#include <string>

#include "compiler/check/typed.h"
#include "compiler/model/machine.h"

namespace nyx::interchange {

std::string machine_json(const model::Machine& machine, const check::TypedMachine& typed);
// The same document as YAML 1.2 that YAML 1.1 readers take alike: what could be read as another type is quoted.
std::string machine_yaml(const model::Machine& machine, const check::TypedMachine& typed);

}  // namespace nyx::interchange
