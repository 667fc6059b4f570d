#include "compiler/check/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compiler/diagnostics/did_you_mean.h"
#include "runtime/plan/check_plan.h"

namespace nyx::check {

using diagnostics::Code;
using script::DeviceConfig;
using script::MachineConfig;

namespace {

constexpr std::string_view kDefaultBoard = "pc";

// Devices of one machine, level by level.
class DeviceMerger {
  public:
    DeviceMerger(MergedMachine& machine, const Schemas& schemas, const source::SourceMap& sources,
                 diagnostics::Sink& sink)
        : machine_(machine), schemas_(schemas), sources_(sources), sink_(sink) {}

    void run() {
        for (level_ = 0; level_ < machine_.levels.size(); ++level_) {
            reserved_.clear();
            for (const DeviceConfig& device : machine_.levels[level_]->devices) reserved_.insert(device.name);
            for (const DeviceConfig& device : machine_.levels[level_]->devices) add(device);
        }
    }

  private:
    // A base's mistakes are reported with the base.
    bool is_own() const { return level_ + 1 == machine_.levels.size(); }

    void add(const DeviceConfig& device) {
        const Schema* schema = schemas_.member("device", device.type);
        if (!schema) return unknown_type(device);
        std::string name = device.name.empty() ? make_name(*schema) : device.name;
        if (!plan::is_plan_name(name)) return bad_name(device);
        auto known = std::find_if(machine_.devices.begin(), machine_.devices.end(),
                                  [&](const MergedDevice& d) { return d.name == name; });
        bool is_stdlib = device.where.known() && sources_.file(device.where.file).is_stdlib;
        if (known == machine_.devices.end()) {
            machine_.devices.push_back({name, schema, device.where, is_stdlib, {&device.settings}, level_});
        } else if (known->last_level == level_) {
            duplicate(device, *known);
        } else if (known->schema != schema) {
            type_changed(device, *known);
        } else {
            known->where = device.where;
            known->is_default = is_stdlib;
            known->levels.push_back(&device.settings);
            known->last_level = level_;
        }
    }

    // Of a device that a machine has once, the inherited one; else "serial0", "serial1" …
    std::string make_name(const Schema& schema) const {
        bool single = schemas_.derives(schema, "single");
        for (const MergedDevice& device : machine_.devices) {
            if (single && device.schema == &schema && device.last_level < level_) return device.name;
        }
        if (single && !is_taken(schema.name)) return schema.name;
        for (int number = 0;; ++number) {
            std::string name = fmt::format("{}{}", schema.name, number);
            if (!is_taken(name)) return name;
        }
    }

    bool is_taken(const std::string& name) const {
        return reserved_.contains(name) || std::any_of(machine_.devices.begin(), machine_.devices.end(),
                                                       [&](const MergedDevice& d) { return d.name == name; });
    }

    void unknown_type(const DeviceConfig& device) {
        machine_.is_sound = false;
        if (!is_own()) return;
        std::vector<std::string> types = schemas_.member_names("device");
        auto& finding =
            sink_.report(Code::kUnknownDevice, device.where, fmt::format("there is no device type `{}`", device.type));
        if (auto near = diagnostics::did_you_mean(device.type, types)) {
            finding.help(fmt::format("did you mean `{}`?", *near));
            if (sources_.text(device.where).starts_with(device.type)) {
                Span name = device.where;
                name.end = name.begin + static_cast<std::uint32_t>(device.type.size());
                finding.fix(
                    {fmt::format("replace by `{}`", *near), diagnostics::Applicability::kSuggestion, {{name, *near}}});
            }
        }
        finding.note(fmt::format("this build has: {}", fmt::join(types, ", ")));
    }

    void bad_name(const DeviceConfig& device) {
        machine_.is_sound = false;
        if (is_own()) report_bad_name(device.where, device.name, sink_);
    }

    void duplicate(const DeviceConfig& device, const MergedDevice& first) {
        machine_.is_sound = false;
        if (!is_own()) return;
        sink_
            .report(Code::kDuplicateDevice, device.where, fmt::format("two devices are called `{}`", first.name),
                    "the second")
            .label(first.where, "the first")
            .help("give one of them another name, or set the fields of both in one block");
    }

    void type_changed(const DeviceConfig& device, const MergedDevice& inherited) {
        machine_.is_sound = false;
        if (!is_own()) return;
        sink_
            .report(Code::kDeviceTypeChanged, device.where,
                    fmt::format("`{}` is inherited as a {} and cannot become a {}", inherited.name,
                                inherited.schema->name, device.type))
            .label(inherited.where, fmt::format("a {} since here", inherited.schema->name))
            .help("give the new device another name");
    }

  public:
    static void report_bad_name(Span where, const std::string& name, diagnostics::Sink& sink) {
        sink.report(Code::kBadName, where, fmt::format("'{}' cannot be the name of a machine or device", name))
            .note(fmt::format("a name has letters, digits, `_`, `-` and `.`, begins with a letter, digit or `_`, and "
                              "has at most {} characters",
                              plan::kMaxNameLength));
    }

  private:
    MergedMachine& machine_;
    const Schemas& schemas_;
    const source::SourceMap& sources_;
    diagnostics::Sink& sink_;
    std::size_t level_ = 0;
    std::set<std::string> reserved_;  // names that this level gives
};

class Merger {
  public:
    Merger(std::span<const MachineConfig* const> configs, const Schemas& schemas, const source::SourceMap& sources,
           diagnostics::Sink& sink)
        : configs_(configs), schemas_(schemas), sources_(sources), sink_(sink) {}

    std::vector<MergedMachine> run() {
        for (bool boards : {true, false}) {
            for (const MachineConfig* config : configs_) {
                if (is_board(*config) == boards) enter(*config);
            }
        }
        std::vector<MergedMachine> machines;
        for (const MachineConfig* config : configs_) machines.push_back(merge(*config));
        for (MergedMachine& machine : machines) machine.is_template = extended_.contains(machine.config);
        return machines;
    }

  private:
    bool is_board(const MachineConfig& config) const {
        return config.where.known() && sources_.file(config.where.file).is_stdlib;
    }

    void enter(const MachineConfig& config) {
        auto [entry, is_new] = by_name_.emplace(config.name, &config);
        if (is_new) return;
        bool board = is_board(*entry->second);
        auto& finding = sink_.report(Code::kDuplicateMachine, config.where,
                                     fmt::format("two machines are called `{}`", config.name), "the second");
        finding.label(entry->second->where, board ? "a board of stdlib" : "the first").help("give it another name");
        duplicates_.insert(&config);
    }

    const MachineConfig* base_of(const MachineConfig& config) const {
        std::string_view name = config.base;
        if (name.empty() && !is_board(config)) name = kDefaultBoard;
        auto found = by_name_.find(name);
        return found == by_name_.end() || found->second == &config ? nullptr : found->second;
    }

    MergedMachine merge(const MachineConfig& config) {
        MergedMachine machine;
        machine.config = &config;
        machine.is_board = is_board(config);
        machine.is_sound = collect_levels(machine) && !duplicates_.contains(&config);
        if (!plan::is_plan_name(config.name)) {
            machine.is_sound = false;
            DeviceMerger::report_bad_name(config.where, config.name, sink_);
        }
        DeviceMerger(machine, schemas_, sources_, sink_).run();
        return machine;
    }

    // False when a base is missing or the chain is a circle.
    bool collect_levels(MergedMachine& machine) {
        const MachineConfig* current = machine.config;
        bool sound = true;
        while (current) {
            if (std::find(machine.levels.begin(), machine.levels.end(), current) != machine.levels.end()) {
                sound = false;
                if (current == machine.config) report_cycle(machine);
                break;
            }
            machine.levels.push_back(current);
            const MachineConfig* base = base_of(*current);
            if (!base && !current->base.empty()) {
                sound = false;
                if (current == machine.config) report_unknown_base(*current);
            }
            if (base) extended_.insert(base);
            current = base;
        }
        std::reverse(machine.levels.begin(), machine.levels.end());
        return sound;
    }

    // Once for a circle: at its first machine in the order of the source.
    void report_cycle(const MergedMachine& machine) {
        if (cyclic_.contains(machine.config)) return;
        std::string circle = machine.config->name;
        for (std::size_t i = 1; i <= machine.levels.size(); ++i) {
            circle += " : " + machine.levels[i % machine.levels.size()]->name;
        }
        auto& finding = sink_.report(Code::kMachineCycle, machine.config->base_where,
                                     "these machines extend each other in a circle");
        finding.note(circle);
        for (const MachineConfig* member : machine.levels) {
            cyclic_.insert(member);
            if (member != machine.config)
                finding.label(member->base_where, fmt::format("{} extends {}", member->name, member->base));
        }
    }

    void report_unknown_base(const MachineConfig& config) {
        std::vector<std::string> names;
        for (const auto& [name, other] : by_name_) {
            if (other != &config) names.push_back(name);
        }
        Span where = config.base_where.known() ? config.base_where : config.where;
        if (config.base == config.name) {
            sink_.report(Code::kMachineCycle, where, fmt::format("machine {} extends itself", config.name));
            return;
        }
        auto& finding =
            sink_.report(Code::kUnknownMachine, where, fmt::format("there is no machine `{}` to extend", config.base));
        if (auto near = diagnostics::did_you_mean(config.base, names)) {
            finding.help(fmt::format("did you mean `{}`?", *near))
                .fix(
                    {fmt::format("replace by `{}`", *near), diagnostics::Applicability::kSuggestion, {{where, *near}}});
        }
        finding.note(fmt::format("the machines are: {}", fmt::join(names, ", ")));
    }

    std::span<const MachineConfig* const> configs_;
    const Schemas& schemas_;
    const source::SourceMap& sources_;
    diagnostics::Sink& sink_;
    std::map<std::string, const MachineConfig*, std::less<>> by_name_;
    std::set<const MachineConfig*> duplicates_;
    std::set<const MachineConfig*> extended_;
    std::set<const MachineConfig*> cyclic_;
};

}  // namespace

std::vector<MergedMachine> merge_machines(std::span<const MachineConfig* const> configs, const Schemas& schemas,
                                          const source::SourceMap& sources, diagnostics::Sink& sink) {
    return Merger(configs, schemas, sources, sink).run();
}

}  // namespace nyx::check
