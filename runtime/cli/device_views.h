// The devices of a running machine, as the control API tells them and as `nyx inspect` prints them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "runtime/base/result.h"
#include "runtime/machine/inspection.h"

namespace nyx::cli {

// {"devices": […]}, as docs/api/openapi.json has it. Numbers of the guest are texts in hexadecimal: JSON's readers lose
// bits of 64.
nlohmann::json devices_json(const std::vector<vm::DeviceView>& views);

// What `wanted` names of such an answer: empty for all devices, a device, or device.register. kNotFound says what there
// is. The answer comes from another process and may be anything.
Result<nlohmann::json> select_devices(const nlohmann::json& answer, const std::string& wanted);
std::string devices_text(const nlohmann::json& devices);

}  // namespace nyx::cli
