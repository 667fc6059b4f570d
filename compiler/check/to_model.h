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

// What is known of a machine: a value is absent where a mistake was reported.
struct Modelled {
    model::Machine
        machine;  // a mistaken field has a value with which nothing else is wrong, a mistaken device's is absent
    bool has_boot = true;
    bool is_complete = true;  // nothing is absent
};

Modelled to_model(const MergedMachine& merged, const Record& machine, const std::vector<TypedDevice>& devices,
                  const Schemas& schemas, Typer& typer, diagnostics::Sink& sink);

}  // namespace nyx::check
