#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "compiler/exits/exits.h"

namespace nyx::exits {

using nlohmann::json;

namespace {

std::string name_of(const Row& row) {
    std::string name = row.count == 1 ? row.reg : fmt::format("{}[{}]", row.reg, row.count);
    return row.when.empty() ? name : fmt::format("{} ({})", name, row.when);
}

std::string place_of(const Row& row) {
    return fmt::format("{} {:#x}", row.is_port ? "port" : "memory", row.address);
}

std::string service_of(const Direction& direction) {
    std::string text(dev::ir::service_name(direction.served.service));
    if (!direction.served.values.empty()) text += fmt::format(" of {}", fmt::join(direction.served.values, ", "));
    return text;
}

std::string why(const Direction& direction) {
    const std::string& reason = direction.served.reason;
    return direction.condition.empty() ? reason : fmt::format("while {}; otherwise 1: {}", direction.condition, reason);
}

struct Columns {
    std::size_t name = 8, place = 2, service = 6;
};

Columns columns_of(const DeviceExits& device) {
    Columns columns;
    for (const Row& row : device.rows) {
        columns.name = std::max(columns.name, name_of(row).size());
        columns.place = std::max(columns.place, place_of(row).size());
        columns.service = std::max({columns.service, service_of(row.read).size(), service_of(row.write).size()});
    }
    return columns;
}

std::string line(const Columns& columns, const Row& row, const char* what, const Direction& direction) {
    if (!direction.exists) return {};
    std::string text =
        fmt::format("  {:<{}}  {:<{}}  {:<5}  {:<{}}  {:>5}  {}", name_of(row), columns.name, place_of(row),
                    columns.place, what, service_of(direction), columns.service, direction.exits, why(direction));
    text.erase(text.find_last_not_of(' ') + 1);
    return text + "\n";
}

json direction_json(const Direction& direction) {
    if (!direction.exists) return nullptr;
    return {{"service", dev::ir::service_name(direction.served.service)},
            {"exits", direction.exits},
            {"why", direction.served.reason},
            {"while", direction.condition.empty() ? json() : json(direction.condition)},
            {"values", direction.served.values}};
}

}  // namespace

std::string as_text(const std::vector<DeviceExits>& devices) {
    std::string out;
    for (const DeviceExits& device : devices) {
        out += fmt::format("{}{} ({})\n", out.empty() ? "" : "\n", device.name, device.type);
        if (!device.unknown.empty()) {
            out += fmt::format("  its registers are not known: {}\n", device.unknown);
            continue;
        }
        const Columns columns = columns_of(device);
        out += fmt::format("  {:<{}}  {:<{}}  {:<5}  {:<{}}  {:>5}  {}\n", "register", columns.name, "at",
                           columns.place, "dir", "served", columns.service, "exits", "why");
        for (const Row& row : device.rows)
            out += line(columns, row, "read", row.read) + line(columns, row, "write", row.write);
    }
    return out;
}

std::string as_json(const std::vector<DeviceExits>& devices) {
    json all = json::array();
    for (const DeviceExits& device : devices) {
        json registers = json::array();
        for (const Row& row : device.rows)
            registers.push_back({{"name", row.reg},
                                 {"when", row.when},
                                 {"space", row.is_port ? "pio" : "mmio"},
                                 {"address", row.address},
                                 {"count", row.count},
                                 {"read", direction_json(row.read)},
                                 {"write", direction_json(row.write)}});
        all.push_back({{"name", device.name},
                       {"type", device.type},
                       {"unknown", device.unknown.empty() ? json() : json(device.unknown)},
                       {"registers", registers}});
    }
    return json{{"devices", all}}.dump(2) + "\n";
}

}  // namespace nyx::exits
