#include "compiler/check/hosts.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/consume.h"
#include "compiler/check/fields.h"
#include "compiler/check/merge_devices.h"

namespace nyx::check {

namespace {

using Names = std::vector<model::Sourced<std::string>>;

std::optional<Names> names_of(const Record& fields) {
    const Typed* value = fields.find("machines");
    const auto* list = value ? value->get<List>() : nullptr;
    if (!list) return std::nullopt;
    Names names;
    for (const Typed& item : list->items) {
        if (const auto* name = item.get<std::string>()) names.push_back({*name, item.where, false});
    }
    return names;
}

model::Host host_of(const script::MachineConfig& config, const Schema& schema, Typer& typer, diagnostics::Sink& sink) {
    Block block;
    block.text = fmt::format("host {}", config.name);
    block.where = config.where;
    block.is_incomplete = config.incomplete;
    block.levels = {{&config.settings, &config, config.where}};
    Record fields = type_fields(block, schema, typer, sink);
    Consumer take(fields, sink);
    model::Host host;
    host.name = config.name;
    host.where = config.where;
    if (auto memory = take.take_if<std::int64_t>("memory"))
        host.memory = {static_cast<std::uint64_t>(memory->value), memory->where, memory->is_default};
    if (auto cpus = take.take_if<std::int64_t>("cpus"))
        host.cpus = {static_cast<std::uint32_t>(cpus->value), cpus->where, cpus->is_default};
    host.machines = names_of(fields);
    return host;
}

}  // namespace

std::vector<model::Host> check_hosts(const Schemas& schemas, std::span<const script::MachineConfig* const> hosts,
                                     const source::SourceMap& sources, diagnostics::Sink& sink) {
    std::vector<model::Host> checked;
    const Schema* schema = schemas.find("host_computer");
    if (hosts.empty() || !schema) return checked;
    Typer typer(schemas, sources, sink);
    for (const script::MachineConfig* config : hosts) {
        auto same = std::find_if(checked.begin(), checked.end(), [&](const auto& h) { return h.name == config->name; });
        if (same != checked.end()) {
            sink.report(diagnostics::Code::kDuplicateMachine, config->where,
                        fmt::format("two hosts are called `{}`", config->name), "the second")
                .label(same->where, "the first");
            continue;
        }
        checked.push_back(host_of(*config, *schema, typer, sink));
    }
    return checked;
}

}  // namespace nyx::check
