// The canonical JSON of a plan and of a wiring: compact, keys in byte order, integers in decimal. One plan has exactly
// one text, so its SHA-256 is the machine's identity.
//
// parse_plan and parse_wiring take text from anywhere. They accept exactly what canonical_json writes and whose plan
// passes check_plan (check_plan.h); everything else is an error that names the place ("devices[2].pio[0].base").
// Nothing here throws.
#pragma once

#include <string>
#include <string_view>

#include "runtime/base/result.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::plan {

std::string canonical_json(const MachinePlan& plan);
std::string canonical_json(const HostWiring& wiring);
std::string canonical_json(const RunPreferences& preferences);
// The same document for people: indented.
std::string readable_json(const MachinePlan& plan);

Result<MachinePlan> parse_plan(std::string_view text);
Result<HostWiring> parse_wiring(std::string_view text);
// At least one preference.
Result<RunPreferences> parse_preferences(std::string_view text);

// SHA-256 of canonical_json(plan).
Digest plan_hash(const MachinePlan& plan);

// Names as they appear in JSON: "linux64", "long64".
const char* protocol_name(BootProtocol protocol);
const char* entry_mode_name(EntryMode mode);

}  // namespace nyx::plan
