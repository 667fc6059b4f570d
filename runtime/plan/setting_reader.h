// Settings of devices, from JSON that we do not trust. Private to runtime/plan.
#pragma once

#include <map>
#include <string>

#include "runtime/base/json_reader.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::plan {

Setting read_setting(const json::Json& value, const std::string& path, json::Problem& problem);
std::map<std::string, Setting> read_settings(const json::Json& object, const std::string& path, json::Problem& problem);

}  // namespace nyx::plan
