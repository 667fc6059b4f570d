// The boot record of a machine: `linux(kernel: "vmlinuz")`.
#pragma once

#include <optional>

#include "compiler/check/typed.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/model/machine.h"

namespace nyx::check {

// record: of the family `boot`. Nothing when a value is absent, or after a diagnostic about the schema.
std::optional<model::Boot> boot_of(const Record& record, diagnostics::Sink& sink);

}  // namespace nyx::check
