#include "runtime/script/objects.h"

#include "runtime/script/heap.h"
#include "runtime/script/program.h"

namespace nyx::script {

namespace {

void mark_all(Marker& marker, std::span<const Value> values) {
    for (const Value& value : values) marker.mark(value);
}

}  // namespace

// -- tracing --

void Array::trace(Marker& marker) const {
    mark_all(marker, items);
}
void Tuple::trace(Marker& marker) const {
    mark_all(marker, items);
}
void Cell::trace(Marker& marker) const {
    marker.mark(*target);
}
void Iterator::trace(Marker& marker) const {
    marker.mark(source);
}

void Record::trace(Marker& marker) const {
    for (const Field& field : fields) marker.mark(field.value);
}

void Map::trace(Marker& marker) const {
    for (const Entry& entry : entries_) {
        marker.mark(entry.key);
        marker.mark(entry.value);
    }
}

void Closure::trace(Marker& marker) const {
    for (const Cell* cell : cells) marker.mark(cell);
    marker.mark(owner);
}

void Method::trace(Marker& marker) const {
    marker.mark(self);
    marker.mark(callee);
}

void Class::trace(Marker& marker) const {
    marker.mark(base);
    marker.mark(fields);
    for (const auto& [method_name, closure] : methods) marker.mark(closure);
}

void Instance::trace(Marker& marker) const {
    marker.mark(cls);
    mark_all(marker, slots);
}

void ErrorObject::trace(Marker& marker) const {
    marker.mark(error.value);
}

// -- Record, Range, Args, Class --

const Record::Field* Record::find(std::string_view field) const {
    for (const Field& candidate : fields) {
        if (candidate.name == field) return &candidate;
    }
    return nullptr;
}

std::uint64_t Range::length() const {
    auto b = static_cast<std::uint64_t>(begin);
    auto e = static_cast<std::uint64_t>(end);
    if (step > 0) return begin >= end ? 0 : (e - b - 1) / static_cast<std::uint64_t>(step) + 1;
    return begin <= end ? 0 : (b - e - 1) / (0 - static_cast<std::uint64_t>(step)) + 1;
}

bool Range::contains(std::int64_t value) const {
    if (step > 0 ? value < begin || value >= end : value > begin || value <= end) return false;
    std::uint64_t distance = step > 0 ? static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(begin)
                                      : static_cast<std::uint64_t>(begin) - static_cast<std::uint64_t>(value);
    std::uint64_t stride = step > 0 ? static_cast<std::uint64_t>(step) : 0 - static_cast<std::uint64_t>(step);
    return distance % stride == 0;
}

const Value* Args::find(std::size_t place, std::string_view name) const {
    if (place < positional.size()) return &positional[place];
    for (const NamedArg& argument : named) {
        if (argument.name->text == name) return &argument.value;
    }
    return nullptr;
}

Closure* Class::find(const String* method) const {
    for (const Class* cls = this; cls; cls = cls->base) {
        auto found = cls->methods.find(method);
        if (found != cls->methods.end()) return found->second;
    }
    return nullptr;
}

bool Class::derives_from(const Class* other) const {
    for (const Class* cls = this; cls; cls = cls->base) {
        if (cls == other) return true;
    }
    return false;
}

int Class::slot(const String* field) const {
    auto found = slots.find(field);
    return found == slots.end() ? -1 : found->second;
}

int Class::add_slot(const String* field) {
    auto [place, added] = slots.emplace(field, static_cast<int>(slot_names.size()));
    if (added) slot_names.push_back(field);
    return place->second;
}

}  // namespace nyx::script
