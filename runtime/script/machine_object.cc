#include "runtime/script/machine_object.h"

#include <utility>

#include "runtime/script/interpreter.h"

namespace nyx::script {

namespace {

NativeResult run_machine(Interpreter& interpreter, const Args& args) {
    auto* machine = dynamic_cast<MachineObject*>(args.positional[0].as_object());
    if (!machine) return script_error(ErrorKind::kType, "`run` is a method of machines");
    if (!interpreter.hooks()) return script_error(ErrorKind::kCapability, "machines cannot be run here");
    if (!machine->config.needs.empty()) {
        tl::unexpected<ScriptError> missing = not_in_this_build(machine->config.needs.front().what);
        missing.value().where = missing.value().user_where = machine->config.needs.front().where;
        return missing;
    }
    return interpreter.hooks()->run(interpreter, *machine);
}

// Members of the classic machine object whose runtime does not exist in this build.
constexpr std::pair<std::string_view, std::string_view> kUnbuilt[] = {
    {"logger", "guest event log"},
    {"metrics", "metrics"},
    {"error_handler", "error handlers"},
    {"dirty_tracker", "dirty page tracking"},
    {"migration_mgr", "live migration"},
    {"dynamic_devices", "hotplug"},
    {"iommu_mgr", "IOMMU"},
    {"debug_ctx", "guest symbols and tracing"},
    {"snapshot", "snapshots"},
    {"restore", "snapshots"},
};

}  // namespace

tl::unexpected<ScriptError> not_in_this_build(std::string_view what) {
    return script_error(ErrorKind::kCapability, "this build of Nyx has no {}", what);
}

NativeResult MachineObject::member(Interpreter& interpreter, std::string_view name) {
    if (name == "name") return interpreter.heap().string(config.name);
    if (name == "run") {
        auto* native = interpreter.heap().make<Native>("run", run_machine);
        native->parameters = {"machine"};
        native->required = 1;
        return interpreter.heap().make<Method>(Value(this), native);
    }
    for (const auto& [member, what] : kUnbuilt) {
        if (member == name) return not_in_this_build(what);
    }
    return script_error(ErrorKind::kKey, "a machine has no member `{}`", name);
}

void MachineObject::trace(Marker& marker) const {
    auto mark = [&marker](const std::vector<Setting>& settings) {
        for (const Setting& setting : settings) {
            marker.mark(setting.value);
            for (const Note& note : setting.parts) marker.mark(note.value);
        }
    };
    mark(config.settings);
    for (const Requirement& requirement : config.requirements) marker.mark(requirement.condition);
    for (const Test& test : config.tests) marker.mark(test.body);
    for (const EventHandler& handler : config.handlers) marker.mark(handler.body);
    for (const DeviceConfig& device : config.devices) mark(device.settings);
}

}  // namespace nyx::script
