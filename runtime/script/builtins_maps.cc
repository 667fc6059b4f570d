// The built-ins that work on the entries of maps.
#include "runtime/script/builtins.h"

namespace nyx::script {

namespace {

using builtins::array_of;
using builtins::given;
using builtins::kArray;
using builtins::kMap;
using builtins::wrong;

template <class Pick>
NativeResult entries_of(Interpreter& interpreter, const Args& args, std::string_view name, Pick pick) {
    auto* map = args.positional[0].try_as<Map>();
    if (!map) return wrong(name, "a map", args.positional[0]);
    if (!interpreter.has_room(map->size() * 112)) return interpreter.over_limit();
    std::vector<Value> out;
    for (const Map::Entry& entry : map->entries()) {
        if (!entry.key.is(Type::kUnset)) out.push_back(pick(entry));
    }
    return array_of(interpreter, std::move(out));
}

NativeResult keys(Interpreter& interpreter, const Args& args) {
    return entries_of(interpreter, args, "keys", [](const Map::Entry& entry) { return entry.key; });
}
NativeResult values(Interpreter& interpreter, const Args& args) {
    return entries_of(interpreter, args, "values", [](const Map::Entry& entry) { return entry.value; });
}
NativeResult items(Interpreter& interpreter, const Args& args) {
    return entries_of(interpreter, args, "items", [&](const Map::Entry& entry) -> Value {
        return interpreter.heap().make<Tuple>(std::vector<Value>{entry.key, entry.value});
    });
}

NativeResult get(Interpreter&, const Args& args) {
    const Value& key = given(args, 1, "key");
    auto& map = args.positional[0].as<Map>();
    const Value* found = hashable(key) ? map.find(key) : nullptr;
    return found ? *found : given(args, 2, "default");
}

NativeResult set(Interpreter& interpreter, const Args& args) {
    const Value& key = given(args, 1, "key");
    auto& map = args.positional[0].as<Map>();
    if (!hashable(key)) return script_error(ErrorKind::kType, "{} cannot be a key", type_name(key.type()));
    std::size_t before = map.extra_bytes();
    map.set(key, given(args, 2, "value"));
    interpreter.heap().grew(map.extra_bytes() - before);
    return args.positional[0];
}

NativeResult copy(Interpreter& interpreter, const Args& args) {
    if (auto* array = args.positional[0].try_as<Array>()) {
        if (!interpreter.has_room(array->extra_bytes())) return interpreter.over_limit();
        return array_of(interpreter, array->items);
    }
    const auto* map = args.positional[0].try_as<Map>();
    if (!map) return wrong("copy", "an array or a map", args.positional[0]);
    if (!interpreter.has_room(map->extra_bytes())) return interpreter.over_limit();
    auto* out = interpreter.heap().make<Map>();
    for (const Map::Entry& entry : map->entries()) {
        if (!entry.key.is(Type::kUnset)) out->set(entry.key, entry.value);
    }
    interpreter.heap().grew(out->extra_bytes());
    return out;
}

constexpr NativeSpec kMaps[] = {
    {"keys", "map", keys, kMap},
    {"values", "map", values, kMap},
    {"items", "map", items, kMap},
    {"get", "map, key, default =", get, kMap, false},
    {"set", "map, key, value", set, kMap, false},
    {"copy", "x", copy, kArray | kMap},
};

}  // namespace

std::span<const NativeSpec> builtins::maps() {
    return kMaps;
}

}  // namespace nyx::script
