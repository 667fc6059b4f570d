// The settings of a machine or device, typed by its schema.
#pragma once

#include <string>
#include <vector>

#include "compiler/check/typer.h"

namespace nyx::check {

// One of the blocks that a machine or device is made of: its base's first, its own last.
using Settings = std::vector<script::Setting>;

struct Level {
    const Settings* settings = nullptr;
    const script::MachineConfig* machine = nullptr;  // whose block it is
    Span where;                                      // of a device: its type and name as written there
};

struct Block {
    std::string text;            // "machine web", "serial com1"
    Span where;                  // stands for what is missing
    std::vector<Level> levels;   // a later level overrides an earlier one
    bool is_template = false;    // others extend it: nothing need be complete
    bool is_incomplete = false;  // a reported mistake may be why something is missing
};

// Unknown and repeated names are looked for in the last level alone: the others are blocks of their own.
Record type_fields(const Block& block, const Schema& schema, Typer& typer, diagnostics::Sink& sink);

}  // namespace nyx::check
