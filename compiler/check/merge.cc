#include "compiler/check/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compiler/check/merge_devices.h"
#include "compiler/diagnostics/did_you_mean.h"
#include "runtime/plan/check_plan.h"

namespace nyx::check {

using diagnostics::Code;
using script::MachineConfig;

namespace {

constexpr std::string_view kDefaultBoard = "pc";

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
        if (entry->second->where == config.where) {
            finding.help(fmt::format("machines that a loop describes are named by a setting: `name = \"{}${{i}}\"`",
                                     config.name));
        } else {
            finding.label(entry->second->where, board ? "a board of stdlib" : "the first").help("give it another name");
        }
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
        machine.is_duplicate = duplicates_.contains(&config);
        machine.has_bases = collect_levels(machine);
        machine.is_sound = machine.has_bases && !machine.is_incomplete && !machine.is_duplicate;
        if (!plan::is_plan_name(config.name)) {
            machine.is_sound = false;
            report_bad_name(config.where, config.name, sink_);
        }
        merge_devices(machine, schemas_, sources_, sink_);
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
            machine.is_incomplete |= current->incomplete;
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
                .fix({fmt::format("replace by `{}`", *near),
                      diagnostics::Applicability::kMaybeIncorrect,
                      {{where, *near}}});
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
