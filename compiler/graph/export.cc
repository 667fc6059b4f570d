// A topology as nodes and edges: JSON, and DOT for Graphviz.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "compiler/graph/topology.h"

namespace nyx::graph {

namespace {

using Json = nlohmann::ordered_json;

struct Graph {
    Json nodes = Json::array();
    Json edges = Json::array();

    void node(const std::string& id, const char* kind, const std::string& label) {
        nodes.push_back({{"id", id}, {"kind", kind}, {"label", label}});
    }
    void edge(const std::string& from, const std::string& to, const std::string& label) {
        edges.push_back({{"from", from}, {"to", to}, {"label", label}});
    }
};

void add_device(Graph& graph, const DevicePart& device) {
    std::string id = "device:" + device.name;
    graph.node(id, "device", fmt::format("{} ({})", device.name, device.type));
    for (const std::string& ports : device.ports) graph.edge("bus:ports", id, ports);
    for (const std::string& memory : device.memory) graph.edge("bus:memory", id, memory);
    for (std::uint32_t line : device.lines) graph.edge(id, "irqchip", fmt::format("{}", line));
    if (device.host.empty()) return;
    graph.node("host:" + device.name, "host", device.host);
    graph.edge(id, "host:" + device.name, "");
}

Graph graph_of(const Topology& machine) {
    Graph graph;
    graph.node("cpus", "cpus", fmt::format("{} vCPUs, profile {}", machine.cpus, machine.profile));
    graph.node("memory", "memory", machine.memory + " RAM");
    graph.node("irqchip", "irqchip", fmt::format("{}", fmt::join(machine.chips, ", ")));
    graph.node("bus:ports", "bus", "I/O ports");
    graph.node("bus:memory", "bus", "memory addresses");
    graph.edge("cpus", "bus:ports", "");
    graph.edge("cpus", "bus:memory", "");
    graph.edge("bus:memory", "memory", "");
    graph.edge("irqchip", "cpus", "");
    for (const ImagePart& image : machine.images) {
        graph.node("image:" + image.id, "image", image.file.empty() ? image.id : image.file);
        graph.edge("image:" + image.id, "memory", image.id);
    }
    for (const DevicePart& device : machine.devices) add_device(graph, device);
    return graph;
}

std::string dot_string(const Json& text) {
    std::string out = "\"";
    for (char c : text.get<std::string>()) {
        if (c == '"' || c == '\\') out += '\\';
        out += c == '\n' ? ' ' : c;
    }
    return out + "\"";
}

const char* shape_of(const std::string& kind) {
    if (kind == "bus") return "underline";
    if (kind == "host") return "component";
    return kind == "image" ? "note" : "box";
}

}  // namespace

std::string as_json(const Topology& machine) {
    Graph graph = graph_of(machine);
    Json json = {{"machine", machine.name}, {"nodes", graph.nodes}, {"edges", graph.edges}};
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string as_dot(const Topology& machine) {
    Graph graph = graph_of(machine);
    std::string out =
        fmt::format("digraph {} {{\n    rankdir = LR\n    node [fontname = \"monospace\"]\n", dot_string(machine.name));
    for (const Json& node : graph.nodes)
        out += fmt::format("    {} [label = {}, shape = {}]\n", dot_string(node["id"]), dot_string(node["label"]),
                           shape_of(node["kind"].get<std::string>()));
    for (const Json& edge : graph.edges)
        out += fmt::format("    {} -> {} [label = {}]\n", dot_string(edge["from"]), dot_string(edge["to"]),
                           dot_string(edge["label"]));
    return out + "}\n";
}

}  // namespace nyx::graph
