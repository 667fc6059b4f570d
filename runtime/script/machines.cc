#include "runtime/script/machines.h"

#include <algorithm>

#include "runtime/script/interpreter.h"

namespace nyx::script {

namespace {

NativeResult run_machine(Interpreter& interpreter, const Args& args) {
    auto* machine = dynamic_cast<MachineObject*>(args.positional[0].as_object());
    if (!machine) return script_error(ErrorKind::kType, "`run` is a method of machines");
    if (!interpreter.hooks()) return script_error(ErrorKind::kCapability, "machines cannot be run here");
    if (!machine->config.needs.empty()) {
        ScriptError error;
        error.kind = ErrorKind::kCapability;
        error.message = fmt::format("this build of Nyx has no {}", machine->config.needs.front().what);
        error.where = error.user_where = machine->config.needs.front().where;
        return tl::make_unexpected(std::move(error));
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

tl::unexpected<ScriptError> no_capability(std::string_view what) {
    return script_error(ErrorKind::kCapability, "this build of Nyx has no {}", what);
}

MachineObject* machine_argument(const Args& args) {
    const Value& value = args.positional[0];
    return value.is(Type::kHostObject) ? dynamic_cast<MachineObject*>(value.as_object()) : nullptr;
}

NativeResult not_a_machine() {
    return script_error(ErrorKind::kType, "this is not a machine");
}

tl::expected<std::string, ScriptError> text_argument(const Args& args, std::size_t place) {
    const Value& value = args.positional[place];
    if (auto* string = value.try_as<String>()) return std::string(string->text);
    if (auto* symbol = value.try_as<Symbol>()) return symbol->name;
    return script_error(ErrorKind::kType, "a name is text, not {}", type_name(value.type()));
}

NativeResult machine_new(Interpreter& interpreter, const Args&) {
    auto* machine = interpreter.heap().make<MachineObject>();
    machine->config.name = "vm";
    machine->config.where = interpreter.user_here();
    return machine;
}

NativeResult machine_name(Interpreter&, const Args& args) {
    auto* machine = machine_argument(args);
    auto name = text_argument(args, 1);
    if (!machine) return not_a_machine();
    if (!name) return tl::make_unexpected(std::move(name).error());
    machine->config.name = *name;
    return Value();
}

NativeResult machine_set(Interpreter& interpreter, const Args& args) {
    auto* machine = machine_argument(args);
    auto name = text_argument(args, 1);
    if (!machine) return not_a_machine();
    if (!name) return tl::make_unexpected(std::move(name).error());
    machine->config.settings.push_back({*name, args.positional[2], interpreter.user_here(), {}});
    return Value();
}

NativeResult machine_device(Interpreter& interpreter, const Args& args) {
    auto* machine = machine_argument(args);
    auto type = text_argument(args, 1);
    if (!machine) return not_a_machine();
    if (!type) return tl::make_unexpected(std::move(type).error());
    DeviceConfig device;
    device.type = *type;
    device.where = interpreter.user_here();
    if (!args.positional[2].is_null()) {
        auto name = text_argument(args, 2);
        if (!name) return tl::make_unexpected(std::move(name).error());
        device.name = *name;
    }
    auto* settings = args.positional[3].try_as<Map>();
    for (const Map::Entry& entry : settings ? settings->entries() : std::span<const Map::Entry>()) {
        if (!entry.key.is(Type::kString) || entry.value.is_null()) continue;
        device.settings.push_back({std::string(entry.key.as<String>().text), entry.value, device.where, {}});
    }
    machine->config.devices.push_back(std::move(device));
    return Value();
}

NativeResult machine_finish(Interpreter& interpreter, const Args& args) {
    auto* machine = machine_argument(args);
    if (!machine) return not_a_machine();
    interpreter.machines().finish(machine);
    return machine;
}

NativeResult make_symbol(Interpreter& interpreter, const Args& args) {
    auto name = text_argument(args, 0);
    if (!name) return tl::make_unexpected(std::move(name).error());
    return interpreter.heap().make<Symbol>(*name, interpreter.user_here());
}

// __record("linux", {kernel: …}): null values are left out.
NativeResult make_record(Interpreter& interpreter, const Args& args) {
    auto name = text_argument(args, 0);
    if (!name) return tl::make_unexpected(std::move(name).error());
    Span where = interpreter.user_here();
    auto* record = interpreter.heap().make<Record>(*name, where, where);
    auto* fields = args.positional[1].try_as<Map>();
    for (const Map::Entry& entry : fields ? fields->entries() : std::span<const Map::Entry>()) {
        if (!entry.key.is(Type::kString) || entry.value.is_null()) continue;
        record->fields.push_back({std::string(entry.key.as<String>().text), entry.value, where, {}});
    }
    return record;
}

NativeResult machine_needs(Interpreter& interpreter, const Args& args) {
    auto* machine = machine_argument(args);
    if (!machine) return not_a_machine();
    machine->config.needs.push_back({to_text(args.positional[1]), interpreter.user_here()});
    machine->config.incomplete = true;
    return Value();
}

// What the machine asked for and this build lacks, each once.
NativeResult machine_needed(Interpreter& interpreter, const Args& args) {
    auto* machine = machine_argument(args);
    if (!machine) return not_a_machine();
    auto* list = interpreter.heap().make<Array>();
    for (const Need& need : machine->config.needs) {
        bool known = std::any_of(list->items.begin(), list->items.end(),
                                 [&](const Value& item) { return item.as<String>().text == need.what; });
        if (!known) list->items.push_back(interpreter.heap().string(need.what));
    }
    return list;
}

NativeResult clock(Interpreter& interpreter, const Args&) {
    return Value::integer(interpreter.hooks() ? interpreter.hooks()->now() : 0);
}

NativeResult capability(Interpreter&, const Args& args) {
    return no_capability(to_text(args.positional[0]));
}

constexpr NativeSpec kMachineNatives[] = {
    {"__machine_new", "", machine_new},
    {"__machine_name", "machine, name", machine_name},
    {"__machine_set", "machine, field, value", machine_set},
    {"__machine_device", "machine, type, name, settings", machine_device},
    {"__machine_finish", "machine", machine_finish},
    {"__machine_needs", "machine, what", machine_needs},
    {"__machine_needed", "machine", machine_needed},
    {"__clock", "", clock},
    {"__symbol", "name", make_symbol},
    {"__record", "name, fields", make_record},
    {"__capability", "what", capability},
};

}  // namespace

std::span<const NativeSpec> machine_natives() {
    return kMachineNatives;
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
        if (member == name) return no_capability(what);
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

void MachineRecorder::begin(Heap& heap, const MachineShape& shape, std::size_t depth) {
    auto* machine = heap.make<MachineObject>();
    machine->config = {shape.name, shape.where, shape.doc, shape.base, shape.base_where, {}, {}, {}, {}};
    machine->config.is_host = shape.is_host;
    open_.push_back({machine, depth});
    in_device_ = false;  // also where code that no compiler made begins one inside a device
}

void MachineRecorder::begin_device(const DeviceShape& shape) {
    if (open_.empty()) return;
    open_.back().machine->config.devices.push_back({shape.type, shape.name, shape.where, {}});
    in_device_ = true;
}

void MachineRecorder::set(const SettingShape& shape, const Value& value) {
    if (open_.empty()) return;
    MachineConfig& config = open_.back().machine->config;
    if (!in_device_) {
        // Of machines and devices that a loop makes; a name as it is written would be the same each time.
        if (shape.name == "name" && value.is(Type::kString)) {
            config.name = value.as<String>().text;
            notes_.clear();
            return;
        }
        config.settings.push_back({shape.name, value, shape.where, shape.name_where, take_notes()});
        return;
    }
    DeviceConfig& device = config.devices.back();
    if (shape.name == "name" && device.name.empty() && value.is(Type::kString)) {
        device.name = value.as<String>().text;
        return;
    }
    device.settings.push_back({shape.name, value, shape.where, shape.name_where, take_notes()});
}

void MachineRecorder::test(Test test) {
    if (!open_.empty()) open_.back().machine->config.tests.push_back(std::move(test));
}

void MachineRecorder::on(EventHandler handler) {
    if (!open_.empty()) open_.back().machine->config.handlers.push_back(std::move(handler));
}

void MachineRecorder::need(std::string what, Span where) {
    if (!open_.empty()) open_.back().machine->config.needs.push_back({std::move(what), where});
}

void MachineRecorder::note(Span where, const Value& value) {
    auto same = std::find_if(notes_.begin(), notes_.end(), [&](const Note& note) { return note.where == where; });
    if (same != notes_.end()) {
        same->value = value;
    } else if (notes_.size() < kMostNotes) {
        notes_.push_back({where, value});
    }
}

void MachineRecorder::forget(const SettingShape& shape) {
    notes_.clear();
    if (open_.empty()) return;
    MachineConfig& config = open_.back().machine->config;
    auto& settings = in_device_ ? config.devices.back().settings : config.settings;
    std::erase_if(settings, [&shape](const Setting& setting) { return setting.name == shape.name; });
    settings.push_back({shape.name, Value::unset(), shape.where, shape.name_where});
}

void MachineRecorder::mark_incomplete() {
    if (open_.empty()) return;
    MachineConfig& config = open_.back().machine->config;
    (in_device_ ? config.devices.back().incomplete : config.incomplete) = true;
}

void MachineRecorder::require(Requirement requirement) {
    if (!open_.empty()) open_.back().machine->config.requirements.push_back(std::move(requirement));
}

MachineObject* MachineRecorder::end() {
    if (open_.empty()) return nullptr;
    MachineObject* machine = open_.back().machine;
    open_.pop_back();
    in_device_ = false;
    finished_.push_back(machine);
    return machine;
}

void MachineRecorder::abandon(std::size_t depth) {
    while (!open_.empty() && open_.back().depth > depth) {
        open_.pop_back();
        in_device_ = false;
    }
}

std::optional<Value> MachineRecorder::field(std::string_view name) const {
    if (open_.empty()) return std::nullopt;
    const MachineConfig& config = open_.back().machine->config;
    auto latest = [name](const std::vector<Setting>& settings) -> std::optional<Value> {
        auto found = std::find_if(settings.rbegin(), settings.rend(),
                                  [name](const Setting& setting) { return setting.name == name; });
        if (found == settings.rend()) return std::nullopt;
        return found->value;
    };
    if (in_device_) {
        if (auto value = latest(config.devices.back().settings)) return value;
    }
    return latest(config.settings);
}

void MachineRecorder::trace(Marker& marker) const {
    for (const Open& open : open_) marker.mark(open.machine);
    for (const MachineObject* machine : finished_) marker.mark(machine);
    for (const Note& note : notes_) marker.mark(note.value);
}

}  // namespace nyx::script
