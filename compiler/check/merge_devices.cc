#include "compiler/check/merge_devices.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compiler/check/meant.h"
#include "runtime/plan/check_plan.h"

namespace nyx::check {

using diagnostics::Code;
using script::DeviceConfig;

namespace {

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

    Level level_of(const DeviceConfig& device) const {
        return {&device.settings, machine_.levels[level_], device.where};
    }

    // Where its type is written; all of its head where that is a call.
    Span type_of(const DeviceConfig& device) const {
        Span where = device.where;
        if (where.known() && sources_.text(where).starts_with(device.type))
            where.end = where.begin + static_cast<std::uint32_t>(device.type.size());
        return where;
    }

    void add(const DeviceConfig& device) {
        const Schema* schema = schemas_.member("device", device.type);
        if (!schema) return unknown_type(device);
        if (const Deprecation* deprecation = schemas_.deprecation(device.type); deprecation && is_own())
            report_deprecated(device.type, *deprecation, type_of(device), sources_, sink_);
        std::string name = device.name.empty() ? make_name(*schema) : device.name;
        if (!plan::is_plan_name(name)) return bad_name(device);
        auto known = std::find_if(machine_.devices.begin(), machine_.devices.end(),
                                  [&](const MergedDevice& d) { return d.name == name; });
        bool is_stdlib = device.where.known() && sources_.file(device.where.file).is_stdlib;
        if (known == machine_.devices.end()) {
            machine_.devices.push_back(
                {name, schema, device.where, is_stdlib, {level_of(device)}, device.incomplete, level_});
        } else if (known->last_level == level_) {
            duplicate(device, *known);
        } else if (known->schema != schema) {
            type_changed(device, *known);
        } else {
            known->where = device.where;
            known->is_default = is_stdlib;
            known->levels.push_back(level_of(device));
            known->is_incomplete |= device.incomplete;
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
        bool written = sources_.text(device.where).starts_with(device.type);
        Span where = type_of(device);
        auto& finding =
            sink_.report(Code::kUnknownDevice, where, fmt::format("there is no device type `{}`", device.type));
        if (auto near = meant_device(device.type, types)) {
            finding.help(fmt::format("did you mean `{}`?", *near));
            if (written)
                finding.fix(fmt::format("replace by `{}`", *near), diagnostics::Applicability::kMaybeIncorrect, where,
                            *near);
        }
        if (const Schema* fields = schemas_.find("machine"); fields && fields->find(device.type)) {
            machine_.is_incomplete = true;  // what was meant for the field is not known
            finding.help(fmt::format("`{0}` is a field and not a device: `{0} = …`", device.type));
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
        auto& finding = sink_
                            .report(Code::kDuplicateDevice, device.where,
                                    fmt::format("two devices are called `{}`", first.name), "the second")
                            .label(first.where, "the first")
                            .help("give one of them another name, or set the fields of both in one block");
        if (device.where != first.where) offer_name(finding, device);
    }

    // "com2" where "com1" is taken.
    void offer_name(diagnostics::Diagnostic& finding, const DeviceConfig& device) const {
        std::string_view written = sources_.text(device.where);
        if (!written.ends_with(device.name) || device.name.empty()) return;
        std::string stem = device.name.substr(0, device.name.find_last_not_of("0123456789") + 1);
        int number = 2;
        while (is_taken(fmt::format("{}{}", stem, number))) ++number;
        std::string name = fmt::format("{}{}", stem, number);
        auto begin = device.where.end - static_cast<std::uint32_t>(device.name.size());
        finding.fix(fmt::format("call it `{}`", name), diagnostics::Applicability::kMaybeIncorrect,
                    {device.where.file, begin, device.where.end}, name);
    }

    void type_changed(const DeviceConfig& device, const MergedDevice& inherited) {
        machine_.is_sound = false;
        if (!is_own()) return;
        auto& finding = sink_
                            .report(Code::kDeviceTypeChanged, device.where,
                                    fmt::format("`{}` is inherited as a {} and cannot become a {}", inherited.name,
                                                inherited.schema->name, device.type))
                            .label(inherited.where, fmt::format("a {} since here", inherited.schema->name))
                            .help("give the new device another name");
        offer_name(finding, device);
    }

    MergedMachine& machine_;
    const Schemas& schemas_;
    const source::SourceMap& sources_;
    diagnostics::Sink& sink_;
    std::size_t level_ = 0;
    std::set<std::string> reserved_;  // names that this level gives
};

}  // namespace

void merge_devices(MergedMachine& machine, const Schemas& schemas, const source::SourceMap& sources,
                   diagnostics::Sink& sink) {
    DeviceMerger(machine, schemas, sources, sink).run();
}

void report_bad_name(Span where, const std::string& name, diagnostics::Sink& sink) {
    sink.report(Code::kBadName, where, fmt::format("'{}' cannot be the name of a machine or device", name))
        .note(fmt::format(
            "a name has letters, digits, `_`, `-` and `.`, begins with a letter, digit or `_`, and has at most {} "
            "characters",
            plan::kMaxNameLength));
}

}  // namespace nyx::check
