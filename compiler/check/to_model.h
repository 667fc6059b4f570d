// From typed records to a model::Machine. Here, and only here, fields are consumed by name.
#pragma once

#include <optional>

#include "compiler/check/merge.h"
#include "compiler/check/typed.h"
#include "compiler/check/typer.h"
#include "compiler/model/machine.h"

namespace nyx::check {

// A device with its fields typed.
struct TypedDevice {
    const MergedDevice* merged = nullptr;
    Record fields;
};

// Nothing when a value is absent (then it was reported), or after a diagnostic about the schemas themselves.
std::optional<model::Machine> to_model(const MergedMachine& merged, const Record& machine,
                                       const std::vector<TypedDevice>& devices, const Schemas& schemas, Typer& typer,
                                       diagnostics::Sink& sink);

}  // namespace nyx::check
