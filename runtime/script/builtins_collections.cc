// The built-ins that look into arrays, maps, tuples and ranges, and change them.
#include <algorithm>

#include "runtime/script/builtins.h"
#include "runtime/script/code_points.h"
#include "runtime/script/format.h"
#include "runtime/script/operators.h"

namespace nyx::script {

namespace {

using builtins::array_of;
using builtins::each_item;
using builtins::given;
using builtins::items_of;
using builtins::kArray;
using builtins::kList;
using builtins::kLongestRange;
using builtins::kMap;
using builtins::kString;
using builtins::wrong;

constexpr TypeMask kSized = kList | kMap | kString;

NativeResult len(Interpreter&, const Args& args) {
    const Value& value = given(args, 0, "x");
    std::size_t size = 0;
    switch (value.type()) {
        case Type::kString:
            size = text_length(value.as<String>().text);
            break;
        case Type::kArray:
            size = value.as<Array>().items.size();
            break;
        case Type::kTuple:
            size = value.as<Tuple>().items.size();
            break;
        case Type::kMap:
            size = value.as<Map>().size();
            break;
        case Type::kRange:
            size = value.as<Range>().length();
            break;
        default:
            return wrong("len", "text or a collection", value);
    }
    return Value::integer(static_cast<std::int64_t>(size));
}

NativeResult has(Interpreter& interpreter, const Args& args) {
    auto found = contains(interpreter, args.positional[0], given(args, 1, "item"));
    if (!found) return tl::make_unexpected(std::move(found).error());
    return Value::boolean(*found);
}

NativeResult index_of(Interpreter& interpreter, const Args& args) {
    const Value& list = args.positional[0];
    const Value& item = given(args, 1, "item");
    if (auto* string = list.try_as<String>()) {
        auto* wanted = item.try_as<String>();
        if (!wanted) return wrong("find", "text", item);
        std::size_t at = string->text.find(wanted->text);
        if (at == std::string::npos) return Value::integer(-1);
        return Value::integer(static_cast<std::int64_t>(text_length(std::string_view(string->text).substr(0, at))));
    }
    std::int64_t at = 0;
    std::int64_t found = -1;
    auto error = each_item(interpreter, "find", list, [&](const Value& one) {
        if (equal(one, item)) found = at;
        ++at;
        return found < 0;
    });
    if (error) return tl::make_unexpected(*error);
    return Value::integer(found);
}

NativeResult push(Interpreter& interpreter, const Args& args) {
    auto* array = args.positional[0].try_as<Array>();
    if (!array) return wrong("push", "an array", args.positional[0]);
    std::size_t before = array->extra_bytes();
    for (const Value& value : args.positional.subspan(1)) array->items.push_back(value);
    interpreter.heap().grew(array->extra_bytes() - before);
    return args.positional[0];
}

NativeResult pop(Interpreter& interpreter, const Args& args) {
    auto* array = args.positional[0].try_as<Array>();
    if (!array) return wrong("pop", "an array", args.positional[0]);
    const Value* place = args.find(1, "index");
    auto size = static_cast<std::int64_t>(array->items.size());
    if (place && !place->is(Type::kInt)) return wrong("pop", "an index", *place);
    std::int64_t index = place ? place->as_int() : size - 1;
    if (index < 0 && place) index += size;
    if (index < 0 || index >= size) {
        return script_error(ErrorKind::kIndex, "`pop` outside the array: its length is {}", size);
    }
    Value value = array->items[static_cast<std::size_t>(index)];
    array->items.erase(array->items.begin() + index);
    if (!interpreter.charge(static_cast<std::uint64_t>(size - index) / 16)) return interpreter.over_limit();
    return value;
}

NativeResult insert(Interpreter& interpreter, const Args& args) {
    auto* array = args.positional[0].try_as<Array>();
    const Value& place = given(args, 1, "index");
    if (!array) return wrong("insert", "an array", args.positional[0]);
    if (!place.is(Type::kInt) || place.as_int() < 0 ||
        place.as_int() > static_cast<std::int64_t>(array->items.size())) {
        return script_error(ErrorKind::kIndex, "`insert` outside the array");
    }
    if (!interpreter.charge(array->items.size() / 16)) return interpreter.over_limit();
    std::size_t before = array->extra_bytes();
    array->items.insert(array->items.begin() + place.as_int(), given(args, 2, "value"));
    interpreter.heap().grew(array->extra_bytes() - before);
    return args.positional[0];
}

NativeResult extend(Interpreter& interpreter, const Args& args) {
    auto* array = args.positional[0].try_as<Array>();
    auto items = items_of(given(args, 1, "items"));
    if (!array || !items) return wrong("extend", "arrays", given(args, array ? 1 : 0, "items"));
    if (!interpreter.has_room(items->size() * sizeof(Value))) return interpreter.over_limit();
    std::size_t before = array->extra_bytes();
    array->items.insert(array->items.end(), items->begin(), items->end());
    interpreter.heap().grew(array->extra_bytes() - before);
    return args.positional[0];
}

NativeResult remove(Interpreter& interpreter, const Args& args) {
    const Value& item = given(args, 1, "item");
    if (auto* map = args.positional[0].try_as<Map>()) return Value::boolean(hashable(item) && map->erase(item));
    auto* array = args.positional[0].try_as<Array>();
    if (!array) return wrong("remove", "an array or a map", args.positional[0]);
    if (!interpreter.charge(array->items.size() / 16)) return interpreter.over_limit();
    auto found =
        std::find_if(array->items.begin(), array->items.end(), [&](const Value& one) { return equal(one, item); });
    if (found == array->items.end()) return Value::boolean(false);
    array->items.erase(found);
    return Value::boolean(true);
}

NativeResult clear(Interpreter&, const Args& args) {
    if (auto* array = args.positional[0].try_as<Array>()) array->items.clear();
    if (auto* map = args.positional[0].try_as<Map>()) map->clear();
    return Value();
}

NativeResult first_or_last(const Args& args, bool last) {
    auto items = items_of(args.positional[0]);
    if (!items || items->empty()) return script_error(ErrorKind::kIndex, "the list is empty");
    return last ? items->back() : items->front();
}
NativeResult first(Interpreter&, const Args& args) {
    return first_or_last(args, false);
}
NativeResult last(Interpreter&, const Args& args) {
    return first_or_last(args, true);
}

NativeResult join(Interpreter& interpreter, const Args& args) {
    // join(list, ", "), list.join(", ") and ", ".join(list)
    bool turned = args.positional[0].is(Type::kString);
    const Value& list = turned ? given(args, 1, "separator") : args.positional[0];
    const Value* separator = turned ? args.positional.data() : args.find(1, "separator");
    std::string between = separator ? to_text(*separator) : "";
    std::string out;
    bool begun = false;
    auto error = each_item(interpreter, "join", list, [&](const Value& item) -> tl::expected<bool, ScriptError> {
        if (begun) out += between;
        begun = true;
        append_text(out, item);
        if (!interpreter.has_room(out.size())) return interpreter.over_limit();
        return true;
    });
    if (error) return tl::make_unexpected(*error);
    return interpreter.heap().string(out);
}

NativeResult reversed(Interpreter& interpreter, const Args& args) {
    if (auto* string = args.positional[0].try_as<String>()) {
        std::string_view text = string->text;
        std::string out;
        std::size_t end = text.size();
        for (std::size_t at = text.size(); at-- > 0;) {
            if ((static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) continue;
            out += text.substr(at, end - at);
            end = at;
        }
        return interpreter.heap().string(out);
    }
    auto items = items_of(args.positional[0]);
    if (!items) return wrong("reversed", "a list", args.positional[0]);
    std::reverse(items->begin(), items->end());
    return array_of(interpreter, std::move(*items));
}

NativeResult reverse(Interpreter&, const Args& args) {
    auto& items = args.positional[0].as<Array>().items;
    std::reverse(items.begin(), items.end());
    return args.positional[0];
}

constexpr NativeSpec kCollections[] = {
    {"len", "x", len, kSized},
    {"length", "x", len, kSized},
    {"size", "x", len, kSized, false},
    {"has", "x, item", has, kSized},
    {"contains", "x, item", has, kSized},
    {"find", "x, item", index_of, kList | kString},
    {"index_of", "x, item", index_of, kList | kString, false},
    {"push", "array, ...", push, kArray},
    {"append", "array, ...", push, kArray},
    {"pop", "array, index =", pop, kArray},
    {"insert", "array, index, value", insert, kArray},
    {"extend", "array, items", extend, kArray},
    {"remove", "x, item", remove, kArray | kMap},
    {"delete", "x, item", remove, kMap, false},
    {"clear", "x", clear, kArray | kMap, false},
    {"first", "list", first, kList, false},
    {"last", "list", last, kList, false},
    {"join", "list, separator =", join, kList | kString},
    {"reversed", "list", reversed, kSized},
    {"reverse", "list", reverse, kArray, false},
};

}  // namespace

std::span<const NativeSpec> builtins::collections() {
    return kCollections;
}

std::optional<std::vector<Value>> builtins::items_of(const Value& value) {
    if (auto* array = value.try_as<Array>()) return array->items;
    if (auto* tuple = value.try_as<Tuple>()) return tuple->items;
    if (auto* range = value.try_as<Range>(); range && range->length() <= kLongestRange) {
        std::vector<Value> items;
        std::int64_t next = range->begin;
        for (std::uint64_t left = range->length(); left > 0; --left) {
            items.push_back(Value::integer(next));
            if (left > 1) next += range->step;
        }
        return items;
    }
    auto* map = value.try_as<Map>();
    if (!map) return std::nullopt;
    std::vector<Value> keys;
    for (const Map::Entry& entry : map->entries()) {
        if (!entry.key.is(Type::kUnset)) keys.push_back(entry.key);
    }
    return keys;
}

}  // namespace nyx::script
