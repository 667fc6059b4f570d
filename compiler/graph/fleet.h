// The machines of one file by their hosts, and how much of each host they take: the picture of a fleet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/graph/topology.h"

namespace nyx::graph {

// What the machines of a host take of something, and what it has; no limit: nothing was declared.
struct Share {
    std::uint64_t used = 0;
    std::optional<std::uint64_t> limit;
};

struct FleetHost {
    std::string name;  // empty: the machines that no declared host runs
    Share memory;      // bytes
    Share cpus;
    std::vector<Topology> machines;
};

struct Fleet {
    std::string name;  // of the file
    std::vector<FleetHost> hosts;
};

Picture picture(const Fleet& fleet);
std::string as_dot(const Fleet& fleet);
// {"hosts": [{"host": name or null, "memory": {"used", "limit"}, "cpus": likewise, "machines": [as of one machine]}]}
std::string as_json(const Fleet& fleet);

}  // namespace nyx::graph
