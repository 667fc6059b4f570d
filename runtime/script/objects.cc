#include "runtime/script/objects.h"

#include <bit>
#include <cmath>
#include <functional>

#include "runtime/script/heap.h"
#include "runtime/script/program.h"

namespace nyx::script {

namespace {

void mark_all(Marker& marker, std::span<const Value> values) {
    for (const Value& value : values) marker.mark(value);
}

// splitmix64's finaliser: spreads small integers over the table.
std::uint64_t mix(std::uint64_t value) {
    value ^= value >> 30;
    value *= 0xbf58476d1ce4e5b9;
    value ^= value >> 27;
    value *= 0x94d049bb133111eb;
    return value ^ (value >> 31);
}

std::uint64_t hash_text(std::string_view text) {
    return std::hash<std::string_view>{}(text);
}

}  // namespace

bool hashable(const Value& value) {
    if (!value.is(Type::kTuple)) return value.type() <= Type::kString || value.is(Type::kSymbol);
    for (const Value& item : value.as<Tuple>().items) {
        if (item.is(Type::kTuple) || !hashable(item)) return false;  // one level: no recursion to bound
    }
    return true;
}

std::uint64_t hash_value(const Value& value) {
    switch (value.type()) {
        case Type::kString:
            return hash_text(value.as<String>().text);
        case Type::kSymbol:
            return mix(hash_text(value.as<Symbol>().name));
        case Type::kFloat: {
            double number = value.as_float();  // 1.0 and 1 are equal, so they hash alike
            if (number == std::floor(number) && std::abs(number) < 9e18) {
                return mix(static_cast<std::uint64_t>(static_cast<std::int64_t>(number)));
            }
            return mix(std::bit_cast<std::uint64_t>(number));
        }
        case Type::kTuple: {
            std::uint64_t hash = 1;
            for (const Value& item : value.as<Tuple>().items) hash = mix(hash * 31 + hash_value(item));
            return hash;
        }
        default:
            return mix(static_cast<std::uint64_t>(value.as_int()));
    }
}

// ---- Tracing
// ------------------------------------------------------------------------------------------------------------

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

// ---- Record, Range, Args, Class
// -----------------------------------------------------------------------------------------

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

// ---- Map
// ----------------------------------------------------------------------------------------------------------------

// The place in index_ where the key is, or the free place where it would go.
std::size_t Map::probe(const Value& key, std::uint64_t hash) const {
    std::size_t mask = index_.size() - 1;
    std::size_t at = hash & mask;
    while (index_[at] != 0 && !equal(entries_[index_[at] - 1].key, key)) at = (at + 1) & mask;
    return at;
}

void Map::rebuild(std::size_t capacity) {
    std::erase_if(entries_, [](const Entry& entry) { return entry.key.is(Type::kUnset); });
    index_.assign(std::bit_ceil(capacity * 2), 0);
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        index_[probe(entries_[i].key, hash_value(entries_[i].key))] = static_cast<std::uint32_t>(i + 1);
    }
}

Value* Map::find(const Value& key) {
    if (index_.empty()) return nullptr;
    std::uint32_t entry = index_[probe(key, hash_value(key))];
    return entry == 0 ? nullptr : &entries_[entry - 1].value;
}

Value* Map::find(std::string_view key) {
    auto text = String::make(key.size(), [key](char* out) { std::copy(key.begin(), key.end(), out); });
    return find(Value(text.get()));
}

void Map::set(const Value& key, const Value& value) {
    if (entries_.size() + 1 > index_.size() / 2) rebuild(live_ * 2 + 4);
    std::size_t at = probe(key, hash_value(key));
    if (index_[at] != 0) {
        entries_[index_[at] - 1].value = value;
        return;
    }
    entries_.push_back({key, value});
    index_[at] = static_cast<std::uint32_t>(entries_.size());
    ++live_;
}

bool Map::erase(const Value& key) {
    if (index_.empty()) return false;
    std::uint32_t entry = index_[probe(key, hash_value(key))];
    if (entry == 0) return false;
    entries_[entry - 1] = {Value::unset(), Value()};  // its place in the index stays taken until the next rebuild
    --live_;
    return true;
}

}  // namespace nyx::script
