// A topology as nodes and edges: JSON, and DOT for Graphviz.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "compiler/graph/fleet.h"

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

std::string dot_string(const std::string& text) {
    std::string out = "\"";
    for (char c : text) {
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

namespace {

Json json_of(const Topology& machine) {
    Graph graph = graph_of(machine);
    return {{"machine", machine.name}, {"nodes", graph.nodes}, {"edges", graph.edges}};
}

std::string dump(const Json& json) {
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

// prefix: before the name of each node, so that several machines stand in one graph.
std::string dot_body(const Topology& machine, const std::string& prefix) {
    Graph graph = graph_of(machine);
    auto id = [&](const Json& name) { return dot_string(prefix + name.get<std::string>()); };
    std::string out;
    for (const Json& node : graph.nodes)
        out += fmt::format("    {} [label = {}, shape = {}]\n", id(node["id"]), dot_string(node["label"]),
                           shape_of(node["kind"].get<std::string>()));
    for (const Json& edge : graph.edges)
        out += fmt::format("    {} -> {} [label = {}]\n", id(edge["from"]), id(edge["to"]), dot_string(edge["label"]));
    return out;
}

std::string dot_file(const std::string& name, const std::string& body) {
    constexpr const char* kFile = "digraph {} {{\n    rankdir = LR\n    node [fontname = \"monospace\"]\n{}}}\n";
    return fmt::format(fmt::runtime(kFile), dot_string(name), body);
}

// Graphviz draws a frame around what is called `cluster…`.
std::string dot_cluster(std::size_t number, const std::string& label, const std::string& body) {
    return fmt::format("    subgraph cluster{} {{\n    label = {}\n{}    }}\n", number, dot_string(label), body);
}

Json share_json(const Share& share) {
    return {{"used", share.used}, {"limit", share.limit ? Json(*share.limit) : Json(nullptr)}};
}

}  // namespace

std::string as_json(const Topology& machine) {
    return dump(json_of(machine));
}

std::string as_dot(const Topology& machine) {
    return dot_file(machine.name, dot_body(machine, ""));
}

std::string as_json(const Fleet& fleet) {
    Json hosts = Json::array();
    for (const FleetHost& host : fleet.hosts) {
        Json machines = Json::array();
        for (const Topology& machine : host.machines) machines.push_back(json_of(machine));
        hosts.push_back({{"host", host.name.empty() ? Json(nullptr) : Json(host.name)},
                         {"memory", share_json(host.memory)},
                         {"cpus", share_json(host.cpus)},
                         {"machines", std::move(machines)}});
    }
    return dump({{"hosts", std::move(hosts)}});
}

std::string as_dot(const Fleet& fleet) {
    std::size_t number = 0;
    std::string out;
    for (const FleetHost& host : fleet.hosts) {
        std::string machines;
        for (const Topology& machine : host.machines)
            machines += dot_cluster(number++, machine.name, dot_body(machine, machine.name + "/"));
        out += host.name.empty() ? machines : dot_cluster(number++, "host " + host.name, machines);
    }
    return dot_file(fleet.name, out);
}

}  // namespace nyx::graph
