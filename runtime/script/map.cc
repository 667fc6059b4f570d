// Maps: a hash table that remembers the order of insertion.
#include <bit>
#include <cmath>
#include <functional>

#include "runtime/script/objects.h"

namespace nyx::script {

namespace {

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
