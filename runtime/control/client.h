// The other end of the control socket: one request, one answer.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "runtime/base/result.h"

namespace nyx::control {

// Asks the machine `name`. An error answer of the machine comes back as an Error with its message and hint; no such
// machine is kNotFound and names those that run.
Result<nlohmann::json> request(const std::string& name, const std::string& method, const std::string& path);

}  // namespace nyx::control
