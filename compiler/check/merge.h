// Bases and names: which blocks make up each machine, and which devices it has.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "compiler/check/fields.h"
#include "compiler/check/schema.h"
#include "compiler/diagnostics/diagnostic.h"
#include "compiler/source/source_map.h"
#include "runtime/script/machine_config.h"

namespace nyx::check {

struct MergedDevice {
    std::string name;
    const Schema* schema = nullptr;
    Span where;               // the last block's
    bool is_default = false;  // only the board has it
    std::vector<Level> levels;
    bool is_incomplete = false;  // a statement with a mistake might set more
    std::size_t last_level = 0;  // index of the machine that wrote the last block
};

struct MergedMachine {
    const script::MachineConfig* config = nullptr;
    std::vector<const script::MachineConfig*> levels;  // the outermost base first, the machine itself last
    std::vector<MergedDevice> devices;                 // in order of the levels
    bool is_sound = true;                              // no mistake in names, bases or devices
    bool has_bases = true;                             // all that it extends is there
    bool is_duplicate = false;                         // another machine has its name
    bool is_board = false;                             // of stdlib
    bool is_incomplete = false;                        // a statement with a mistake might set more
    bool is_template = false;                          // another machine of the program extends it
};

// All machines, boards among them, in the order given. A machine without a base extends the board `pc`.
std::vector<MergedMachine> merge_machines(std::span<const script::MachineConfig* const> configs, const Schemas& schemas,
                                          const source::SourceMap& sources, diagnostics::Sink& sink);

}  // namespace nyx::check
