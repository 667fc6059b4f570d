// The differences of two machines, by what they mean for a guest that runs or is saved.
//
// Compared are plans and wirings: what the guest finds and what the host does. Two sources that are written differently
// and make the same machine have no difference. Where a machine comes from source, values say where they were set.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/model/machine.h"
#include "compiler/source/source_map.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::diff {

// From the weakest to the strongest.
enum class Class : std::uint8_t { kLive, kNeedsGuest, kReboot, kRebuild, kBreaksView };
const char* text_of(Class strength);  // "needs the guest"
const char* meaning_of(Class strength);

struct Side {
    std::string shown;  // "web.ny#web"
    const plan::MachinePlan* plan = nullptr;
    const plan::HostWiring* wiring = nullptr;
    const plan::RunPreferences* preferences = nullptr;
    const model::Machine* machine = nullptr;  // null for a bundle
    const source::SourceMap* sources = nullptr;
};

struct Place {
    std::string file;  // empty: nowhere in source
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    bool is_default = false;  // where the schema says it
};

struct Change {
    std::string path;    // "web.serial.com1.base"
    std::string before;  // empty: it was not there
    std::string after;
    Place from;
    Place to;
    Class strength = Class::kLive;
    std::string reason;
    bool follows = false;  // from other changes: nobody wrote it
};

// In the order of the machine: itself, its processor, what it starts, devices by name, then what follows.
std::vector<Change> compare(const Side& before, const Side& after);

Class strongest(const std::vector<Change>& changes);

std::string as_text(const Side& before, const Side& after, const std::vector<Change>& changes, bool color);
// {"before", "after", "class", "changes": [{"path", "before", "after", "class", "reason", "follows", "from", "to"}]}
std::string as_json(const Side& before, const Side& after, const std::vector<Change>& changes);

}  // namespace nyx::diff
