#include "runtime/script/machine_recorder.h"

#include <algorithm>

namespace nyx::script {

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
