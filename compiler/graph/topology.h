// The parts of a machine and what is connected with what, for the picture and for other programs.
#pragma once

#include <string>
#include <vector>

#include "compiler/graph/picture.h"
#include "runtime/plan/machine_plan.h"

namespace nyx::graph {

struct Row {
    std::string address;  // "0x100000"
    std::string name;
    std::string size;
    std::string style;  // "ram", "window", "part"
};

struct DevicePart {
    std::string name;
    std::string type;
    std::vector<std::string> ports;   // "0x3f8–0x3ff"
    std::vector<std::string> memory;  // guest-physical
    std::vector<std::uint32_t> lines;
    std::string host;  // "terminal", "file log"; empty: nothing of the host
};

struct ImagePart {
    std::string id;
    std::string file;  // as the author wrote it; empty where it is not known
    std::string size;
};

struct Topology {
    std::string name;
    std::string doc;
    std::string memory;
    std::uint32_t cpus = 1;
    std::string profile;
    std::string protocol;
    std::string cmdline;
    std::vector<ImagePart> images;
    std::vector<std::string> chips;   // "i8254 timer"
    std::vector<Row> map;             // ascending; what lies inside another stands behind it
    std::vector<DevicePart> devices;  // by their first address
};

// files: what the author wrote for each image, by id.
Topology topology(const plan::MachinePlan& plan, const plan::HostWiring& wiring, std::string doc,
                  const std::vector<std::pair<std::string, std::string>>& files);

Picture picture(const Topology& machine);
std::string as_dot(const Topology& machine);
// {"machine", "nodes": [{"id", "kind", "label", …}], "edges": [{"from", "to", "label"}]}
std::string as_json(const Topology& machine);

}  // namespace nyx::graph
