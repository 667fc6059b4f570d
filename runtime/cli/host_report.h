// The judgement of `nyx doctor` over the facts of a host.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "runtime/cli/host_facts.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::cli {

struct Finding {
    enum class Level { kGood, kNote, kBad };  // kBad: no machine runs until it is mended
    Level level = Level::kGood;
    std::string what;
    std::vector<std::string> details;
    std::string fix;  // empty where there is nothing to mend
};

// In the order in which a person should mend them. compiler_found: nyxc is there.
std::vector<Finding> examine(const HostFacts& facts, bool compiler_found);
// What runs this machine here, and why.
Finding preference_finding(const std::string& machine, const plan::RunPreferences& preferences, const HostFacts& facts);
bool can_run(const std::vector<Finding>& findings);

std::string findings_text(const std::vector<Finding>& findings);
nlohmann::json findings_json(const std::vector<Finding>& findings);

}  // namespace nyx::cli
