#include "devices/scripted/object_state.h"

#include <fmt/format.h>

#include "devices/scripted/plain_value.h"

namespace nyx::dev::scripted {

using script::Value;

namespace {

// What a machine gives before a call, or has taken after it.
bool is_passing(std::string_view field, const ir::Program& program) {
    return (field == "sent" && !program.sinks.empty()) || (field == "requests" && program.script.controls) ||
           (field == "wall_ns" && program.script.has_clock);
}

bool is_of_machine(std::string_view field) {
    return field == "irq_lines" || field == "timers";
}

std::string type_of(const Value& value) {
    if (const auto* object = value.try_as<script::Instance>()) return object->cls->name;
    return std::string(script::type_name(value.type()));
}

std::vector<SavedField> save_fields(const Instance& instance, const ir::Program& program, bool of_machine_alone,
                                    const Complain& complain) {
    std::vector<SavedField> all;
    for (const std::string_view name : instance.field_names()) {
        if (is_passing(name, program) || (of_machine_alone && !is_of_machine(name))) continue;
        const Value value = instance.field(name).value_or(Value());
        if (value.is(script::Type::kUnset)) continue;
        Bytes bytes;
        if (append_plain(bytes, value))
            all.push_back({std::string(name), std::move(bytes)});
        else
            complain(
                fmt::format("field `{}` ({}) is not saved: it is no number, text or list or map of such of at most "
                            "{} MiB; `snapshot()` and `restore(state)` of the class could say what it is",
                            name, type_of(value), kMostSavedBytes >> 20));
    }
    return all;
}

// Nothing: the class does not say it itself, or did not succeed.
std::optional<SavedField> snapshot_of(Instance& instance, const Complain& complain) {
    if (!instance.has_own("snapshot") || !instance.has_own("restore")) return std::nullopt;
    const Result<Value> state = instance.call("snapshot", {});
    Bytes bytes;
    if (state && append_plain(bytes, *state)) return SavedField{std::string(kSnapshot), std::move(bytes)};
    complain(fmt::format("its fields are saved in place of what `snapshot()` gives: {}",
                         state ? fmt::format("that is no plain value ({})", type_of(*state)) : state.error().message));
    return std::nullopt;
}

}  // namespace

std::vector<SavedField> save_object(Instance& instance, const ir::Program& program, const Complain& complain) {
    std::optional<SavedField> snapshot = snapshot_of(instance, complain);
    std::vector<SavedField> all = save_fields(instance, program, snapshot.has_value(), complain);
    if (snapshot) all.push_back(std::move(*snapshot));
    return all;
}

Status restore_field(Instance& instance, std::string_view name, ByteView value) {
    const std::optional<Value> plain = read_plain(instance.heap(), value);
    if (!plain) return fail(ErrorCode::kCorrupt, "is no value");
    if (name != kSnapshot)
        return instance.set_field(name, *plain) ? Status{} : fail(ErrorCode::kCorrupt, "is no field of the class");
    if (!instance.has_own("restore")) return fail(ErrorCode::kCorrupt, "is for a class with `restore(state)`");
    const Value arguments[] = {*plain};
    auto done = instance.call("restore", arguments);
    return done ? Status{} : fail(ErrorCode::kCorrupt, "is not what the class restores: {}", done.error().message);
}

}  // namespace nyx::dev::scripted
