// Processor profiles: from the names of stdlib/cpu.ny and stdlib/cpuid.ny to the numbers of a model::CpuProfile.
#pragma once

#include <string>
#include <vector>

#include "compiler/check/schema.h"
#include "compiler/check/typed.h"
#include "compiler/check/typer.h"
#include "compiler/model/machine.h"

namespace nyx::check {

// The names in the `bits` of all schemas of the family `cpuid`.
std::vector<std::string> cpuid_bit_names(const Schemas& schemas);

// profile: of the family `cpu_profile`. Registers ascend by leaf, subleaf and name.
model::CpuProfile cpu_profile(const Record& profile, const Schemas& schemas, Typer& typer);

}  // namespace nyx::check
