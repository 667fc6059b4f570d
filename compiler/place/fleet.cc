#include "compiler/place/fleet.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>

#include "compiler/diagnostics/did_you_mean.h"
#include "compiler/place/fleet_ports.h"
#include "compiler/place/format.h"

namespace nyx::place {

using diagnostics::Code;
using model::Host;
using model::Machine;

namespace {

constexpr std::size_t kMostLabels = 8;

// Machines by their hosts; what a host says about machines is checked on the way.
class Grouping {
  public:
    Grouping(std::span<const Machine* const> machines, std::span<const Host> hosts, diagnostics::Sink& sink)
        : machines_(machines), sink_(sink) {
        for (const Host& host : hosts) groups_.push_back({&host, {}});
    }

    std::vector<HostGroup> run() {
        for (HostGroup& group : groups_) {
            if (!group.host->machines) continue;
            for (const auto& name : *group.host->machines) enter(group, name);
        }
        HostGroup rest;
        for (const Machine* machine : machines_) {
            if (!owners_.contains(machine)) rest.machines.push_back(machine);
        }
        auto open = std::find_if(groups_.begin(), groups_.end(), [](const HostGroup& g) { return !g.host->machines; });
        if (open != groups_.end()) {
            open->machines = std::move(rest.machines);
        } else {
            groups_.push_back(std::move(rest));
        }
        return std::move(groups_);
    }

  private:
    void enter(HostGroup& group, const model::Sourced<std::string>& name) {
        auto found =
            std::find_if(machines_.begin(), machines_.end(), [&](const Machine* m) { return m->name == name.value; });
        if (found == machines_.end()) return unknown(*group.host, name);
        auto [owner, is_new] = owners_.emplace(*found, Owner{group.host, name.where});
        if (is_new) {
            group.machines.push_back(*found);
            return;
        }
        sink_
            .report(Code::kHostMachine, name.where,
                    fmt::format("{} runs on {} and on {}", name.value, owner->second.host->name, group.host->name),
                    "named again here")
            .label(owner->second.where, fmt::format("{} runs on {} since here", name.value, owner->second.host->name))
            .help("a machine runs on one host");
    }

    void unknown(const Host& host, const model::Sourced<std::string>& name) {
        std::vector<std::string> names;
        for (const Machine* machine : machines_) names.push_back(machine->name);
        auto& finding = sink_.report(Code::kHostMachine, name.where,
                                     fmt::format("{} runs `{}`, and there is no such machine", host.name, name.value));
        if (auto near = diagnostics::did_you_mean(name.value, names)) {
            finding.help(fmt::format("did you mean `{}`?", *near))
                .fix({fmt::format("replace by `{}`", *near),
                      diagnostics::Applicability::kMaybeIncorrect,
                      {{name.where, *near}}});
        }
    }

    struct Owner {
        const Host* host;
        Span where;
    };
    std::span<const Machine* const> machines_;
    diagnostics::Sink& sink_;
    std::vector<HostGroup> groups_;
    std::map<const Machine*, Owner> owners_;
};

const std::string* text_of(const model::Device& device, const char* field) {
    auto found = device.host.find(field);
    return found == device.host.end() ? nullptr : std::get_if<std::string>(&found->second.value);
}

// The file that a device writes, as one name for one file, and where that is said; empty: none.
struct WrittenFile {
    std::string path;
    Span where;
};

WrittenFile written_file(const model::Device& device) {
    auto of = [&](const char* field) -> WrittenFile {
        return {std::filesystem::path(*text_of(device, field)).lexically_normal().string(),
                device.host.at(field).where};
    };
    auto read_only = device.fields.find("read_only");
    const bool* flag = read_only == device.fields.end() ? nullptr : std::get_if<bool>(&read_only->second.value);
    if (text_of(device, "image") && !(flag && *flag)) return of("image");
    const std::string* backend = text_of(device, "backend");
    return backend && *backend == "file" && text_of(device, "backend.path") ? of("backend.path") : WrittenFile{};
}

void check_files(const HostGroup& group, diagnostics::Sink& sink) {
    struct User {
        const Machine* machine;
        const model::Device* device;
    };
    auto place_of = [](const model::Device& device) { return written_file(device).where; };
    std::map<std::string, User> users;
    for (const Machine* machine : group.machines) {
        for (const model::Device& device : machine->devices) {
            std::string file = written_file(device).path;
            if (file.empty()) continue;
            auto [known, is_new] = users.emplace(file, User{machine, &device});
            const User& first = known->second;
            if (is_new || first.machine == machine) continue;  // in one machine: NY0421
            auto severity = group.host ? diagnostics::Severity::kError : diagnostics::Severity::kWarning;
            auto& finding =
                sink.report(Code::kSharedHostFile, severity, place_of(device),
                            fmt::format("{} and {} both write the file '{}'", first.machine->name, machine->name, file),
                            fmt::format("{} of {} writes it here", device.name, machine->name));
            if (place_of(*first.device) != place_of(device))
                finding.label(place_of(*first.device),
                              fmt::format("{} of {} writes it here", first.device->name, first.machine->name));
            if (machine->where != first.machine->where)
                finding.label(machine->where, fmt::format("{} is this machine", machine->name));
            if (!group.host)
                finding.note("that is a mistake where both run on one host; declare it, `host name { }`, to be sure");
            finding.help(fmt::format("give {} of {} a file of its own", device.name, machine->name));
        }
    }
}

// The host has `limit` of something (`what`: " of memory"), and each machine takes what `taken` says.
template <class T, class Taken>
void check_sum(const HostGroup& group, const model::Sourced<T>& limit, const char* what,
               std::string (*text)(std::uint64_t), Taken taken, diagnostics::Sink& sink) {
    std::uint64_t sum = 0;
    for (const Machine* machine : group.machines) sum += taken(*machine).where.known() ? taken(*machine).value : 0;
    if (sum <= limit.value) return;
    auto& finding = sink.report(Code::kHostFull, limit.where,
                                fmt::format("the machines of {} take {}{}, and it has {}", group.host->name, text(sum),
                                            what, text(limit.value)),
                                fmt::format("{} has this much", group.host->name));
    std::vector<const Machine*> largest = group.machines;
    std::stable_sort(largest.begin(), largest.end(),
                     [&](const Machine* a, const Machine* b) { return taken(*a).value > taken(*b).value; });
    for (std::size_t i = 0; i < largest.size() && i < kMostLabels; ++i) {
        const auto& value = taken(*largest[i]);
        finding.label(
            value.is_default ? largest[i]->where : value.where,
            fmt::format("{} takes {}{}", largest[i]->name, text(value.value), value.is_default ? ", the default" : ""));
    }
    if (largest.size() > kMostLabels) finding.note(fmt::format("and {} more machines", largest.size() - kMostLabels));
    finding.help(fmt::format("{}{} too much: make machines smaller, or run some of them elsewhere",
                             text(sum - limit.value), what));
}

std::string count_text(std::uint64_t count) {
    return fmt::to_string(count);
}

}  // namespace

std::vector<HostGroup> group_by_host(std::span<const Machine* const> machines, std::span<const Host> hosts,
                                     diagnostics::Sink& sink) {
    return Grouping(machines, hosts, sink).run();
}

void check_fleet(std::span<const Machine* const> machines, std::span<const Host> hosts, diagnostics::Sink& sink) {
    for (const HostGroup& group : group_by_host(machines, hosts, sink)) {
        check_files(group, sink);
        check_forwarded_ports(group, sink);
        if (!group.host) continue;
        if (group.host->memory)
            check_sum(
                group, *group.host->memory, " of memory", size_text,
                [](const Machine& m) -> const auto& { return m.memory; }, sink);
        if (group.host->cpus)
            check_sum(
                group, *group.host->cpus, " vCPUs", count_text, [](const Machine& m) -> const auto& { return m.cpus; },
                sink);
    }
}

}  // namespace nyx::place
