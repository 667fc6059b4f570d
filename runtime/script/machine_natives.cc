// What stdlib/vm_production.ny, the fluent builder, is written with.
#include <algorithm>

#include "runtime/script/interpreter.h"

namespace nyx::script {

namespace {

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
    return not_in_this_build(to_text(args.positional[0]));
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

}  // namespace nyx::script
