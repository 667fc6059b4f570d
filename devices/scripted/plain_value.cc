#include "devices/scripted/plain_value.h"

#include <bit>

#include "runtime/script/objects.h"

namespace nyx::dev::scripted {

using script::Type;
using script::Value;

namespace {

constexpr unsigned kMostDepth = 32;

template <class T>
void append_number(Bytes& out, T number) {
    out.resize(out.size() + sizeof number);
    store_le(out.data() + out.size() - sizeof number, number);
}

// What is written as a key is read as one.
bool is_key(const Value& value) {
    return value.is(Type::kString) || value.is(Type::kInt) || value.is(Type::kBool);
}

bool append(Bytes& out, const Value& value, unsigned depth);

bool append_items(Bytes& out, const std::vector<Value>& items, unsigned depth) {
    append_number(out, static_cast<std::uint32_t>(items.size()));
    for (const Value& one : items)
        if (!append(out, one, depth + 1)) return false;
    return true;
}

bool append_map(Bytes& out, script::Map& map, unsigned depth) {
    append_number(out, static_cast<std::uint32_t>(map.size()));
    for (const script::Map::Entry& entry : map.entries()) {
        if (entry.key.is(Type::kUnset)) continue;
        if (!is_key(entry.key) || !append(out, entry.key, depth + 1) || !append(out, entry.value, depth + 1))
            return false;
    }
    return true;
}

bool append(Bytes& out, const Value& value, unsigned depth) {
    if (depth > kMostDepth || out.size() > kMostSavedBytes) return false;
    out.push_back(static_cast<std::uint8_t>(value.type()));
    switch (value.type()) {
        case Type::kNull:
            return true;
        case Type::kBool:
            out.push_back(value.as_bool() ? 1 : 0);
            return true;
        case Type::kInt:
        case Type::kSize:
        case Type::kTime:
        case Type::kRate:
        case Type::kFrequency:
            append_number(out, static_cast<std::uint64_t>(value.as_int()));
            return true;
        case Type::kFloat:
            append_number(out, std::bit_cast<std::uint64_t>(value.as_float()));
            return true;
        case Type::kString: {
            const std::string_view text = value.as<script::String>().text;
            append_number(out, static_cast<std::uint32_t>(text.size()));
            out.insert(out.end(), text.begin(), text.end());
            return out.size() <= kMostSavedBytes;
        }
        case Type::kArray:
            return append_items(out, value.as<script::Array>().items, depth);
        case Type::kTuple:
            return append_items(out, value.as<script::Tuple>().items, depth);
        case Type::kMap:
            return append_map(out, value.as<script::Map>(), depth);
        default:
            return false;
    }
}

class PlainReader {
  public:
    PlainReader(script::Heap& heap, ByteView bytes) : heap_(heap), left_(bytes) {}

    std::optional<Value> whole() {
        std::optional<Value> value = one(0);
        return left_.empty() ? value : std::nullopt;
    }

  private:
    template <class T>
    std::optional<T> number() {
        if (left_.size() < sizeof(T)) return std::nullopt;
        const T value = load_le<T>(left_.data());
        left_ = left_.subspan(sizeof(T));
        return value;
    }

    std::optional<Value> one(unsigned depth) {
        const auto type = number<std::uint8_t>();
        if (!type || depth > kMostDepth) return std::nullopt;
        switch (static_cast<Type>(*type)) {
            case Type::kNull:
                return Value();
            case Type::kBool: {
                const auto truth = number<std::uint8_t>();
                return truth && *truth <= 1 ? std::optional(Value::boolean(*truth != 0)) : std::nullopt;
            }
            case Type::kInt:
            case Type::kSize:
            case Type::kTime:
            case Type::kRate:
            case Type::kFrequency:
            case Type::kFloat:
                return numeric(static_cast<Type>(*type));
            case Type::kString:
                return text();
            case Type::kArray:
            case Type::kTuple:
                return list(static_cast<Type>(*type), depth);
            case Type::kMap:
                return map(depth);
            default:
                return std::nullopt;
        }
    }

    std::optional<Value> numeric(Type type) {
        const auto bits = number<std::uint64_t>();
        if (!bits) return std::nullopt;
        if (type == Type::kFloat) return Value::floating(std::bit_cast<double>(*bits));
        const auto whole = static_cast<std::int64_t>(*bits);
        return type == Type::kInt ? Value::integer(whole) : Value::quantity(type, whole);
    }

    std::optional<Value> text() {
        const auto size = number<std::uint32_t>();
        if (!size || *size > left_.size()) return std::nullopt;
        const Value made = heap_.string(as_text(left_.first(*size)));
        left_ = left_.subspan(*size);
        return made;
    }

    std::optional<Value> list(Type type, unsigned depth) {
        const auto count = number<std::uint32_t>();
        if (!count || *count > left_.size()) return std::nullopt;  // an item is a byte at least
        std::vector<Value> items;
        for (std::uint32_t i = 0; i < *count; ++i) {
            const std::optional<Value> item = one(depth + 1);
            if (!item) return std::nullopt;
            items.push_back(*item);
        }
        if (type == Type::kArray) return Value(heap_.make<script::Array>(std::move(items)));
        return Value(heap_.make<script::Tuple>(std::move(items)));
    }

    std::optional<Value> map(unsigned depth) {
        const auto count = number<std::uint32_t>();
        if (!count || *count > left_.size()) return std::nullopt;
        auto* made = heap_.make<script::Map>();
        for (std::uint32_t i = 0; i < *count; ++i) {
            const std::optional<Value> key = one(depth + 1), value = one(depth + 1);
            if (!key || !is_key(*key) || !value || made->find(*key) != nullptr) return std::nullopt;
            made->set(*key, *value);
        }
        return Value(made);
    }

    script::Heap& heap_;
    ByteView left_;
};

}  // namespace

bool append_plain(Bytes& out, const Value& value) {
    return append(out, value, 0) && out.size() <= kMostSavedBytes;
}

std::optional<Value> read_plain(script::Heap& heap, ByteView bytes) {
    if (bytes.size() > kMostSavedBytes) return std::nullopt;
    return PlainReader(heap, bytes).whole();
}

}  // namespace nyx::dev::scripted
