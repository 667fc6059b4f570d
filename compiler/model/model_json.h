// A machine as JSON, for `nyxc emit model`: each value with its unit, the place that set it and whether it is a
// default.
#pragma once

#include <string>

#include "compiler/model/machine.h"
#include "compiler/source/source_map.h"

namespace nyx::model {

// {"name": …, "memory": {"value": 134217728, "unit": "bytes", "where": "web.ny:3:14", "default": false}, …}, indented,
// with a final newline. Members stand in a fixed order.
std::string to_json(const Machine& machine, const source::SourceMap& sources);

}  // namespace nyx::model
