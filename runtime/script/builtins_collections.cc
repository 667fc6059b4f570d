// The built-ins that work on arrays, maps, tuples and ranges.
#include <algorithm>

#include "runtime/script/builtins.h"
#include "runtime/script/format.h"
#include "runtime/script/operators.h"

namespace nyx::script {

namespace {

using builtins::given;
using builtins::items_of;

constexpr std::uint64_t kLongestRange = std::uint64_t{1} << 24;

tl::unexpected<ScriptError> wrong(std::string_view what, std::string_view wanted, const Value& value) {
    return script_error(ErrorKind::kType, "`{}` takes {}, not {}", what, wanted, type_name(value.type()));
}

// Runs `next` over the elements of `list`, which may call back into the script. next returns false to stop.
template <class Next>
std::optional<ScriptError> each_item(Interpreter& interpreter, std::string_view name, const Value& list, Next next) {
    auto items = items_of(list);
    if (!items) return wrong(name, "a list", list).value();
    for (std::size_t i = 0; i < items->size(); ++i) {
        if (!interpreter.charge(1)) return interpreter.over_limit().value();
        tl::expected<bool, ScriptError> more = next((*items)[i]);
        if (!more) return std::move(more).error();
        if (!*more) break;
    }
    return std::nullopt;
}

NativeResult array_of(Interpreter& interpreter, std::vector<Value> items) {
    return interpreter.heap().make<Array>(std::move(items));
}

// ---- Size, membership
// ---------------------------------------------------------------------------------------------------

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

// ---- Arrays
// -------------------------------------------------------------------------------------------------------------

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
    return interpreter.heap().make<String>(std::move(out));
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
        return interpreter.heap().make<String>(std::move(out));
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

struct Keyed {
    Value key;
    Value value;
};

// A merge sort, for std::sort may run out of bounds when a comparison is inconsistent or fails half-way.
std::optional<ScriptError> merge_sort(std::vector<Keyed>& items, bool descending) {
    std::vector<Keyed> other(items.size());
    for (std::size_t width = 1; width < items.size(); width *= 2) {
        for (std::size_t begin = 0; begin < items.size(); begin += 2 * width) {
            std::size_t middle = std::min(begin + width, items.size());
            std::size_t end = std::min(begin + 2 * width, items.size());
            std::size_t left = begin;
            std::size_t right = middle;
            for (std::size_t out = begin; out < end; ++out) {
                bool take_left = right >= end;
                if (left < middle && right < end) {
                    auto order = compare(items[right].key, items[left].key);
                    if (!order) return std::move(order).error();
                    take_left = descending ? *order <= 0 : *order >= 0;
                }
                other[out] = items[take_left ? left++ : right++];
            }
        }
        items.swap(other);
    }
    return std::nullopt;
}

template <class Key>
void sort_by(std::vector<Keyed>& items, bool descending, Key key) {
    auto before = [&key](const Keyed& a, const Keyed& b) { return key(a.key) < key(b.key); };
    auto after = [&key](const Keyed& a, const Keyed& b) { return key(b.key) < key(a.key); };
    descending ? std::stable_sort(items.begin(), items.end(), after)
               : std::stable_sort(items.begin(), items.end(), before);
}

// Keys of one plain type have an order that cannot fail.
std::optional<ScriptError> sort_keyed(std::vector<Keyed>& items, bool descending) {
    auto all = [&items](Type type) {
        return std::all_of(items.begin(), items.end(), [type](const Keyed& one) { return one.key.is(type); });
    };
    if (all(Type::kInt)) {
        sort_by(items, descending, [](const Value& key) { return key.as_int(); });
    } else if (all(Type::kString)) {
        sort_by(items, descending, [](const Value& key) -> std::string_view { return key.as<String>().text; });
    } else {
        return merge_sort(items, descending);
    }
    return std::nullopt;
}

NativeResult sorted(Interpreter& interpreter, const Args& args) {
    auto items = items_of(args.positional[0]);
    if (!items) return wrong("sorted", "a list", args.positional[0]);
    const Value& key = given(args, 1, "key");
    if (!interpreter.charge(items->size())) return interpreter.over_limit();
    auto* keys = interpreter.heap().make<Array>();  // they are made by the script and must survive its collections
    Interpreter::Root root(interpreter, keys);
    std::vector<Keyed> keyed;
    for (const Value& item : *items) {
        Value by = item;
        if (!key.is_null()) {
            NativeResult made = interpreter.call(key, {&item, 1});
            if (!made) return made;
            by = *made;
            keys->items.push_back(by);
        }
        keyed.push_back({by, item});
    }
    if (auto error = sort_keyed(keyed, truthy(given(args, 2, "reverse")))) return tl::make_unexpected(*error);
    for (std::size_t i = 0; i < keyed.size(); ++i) (*items)[i] = keyed[i].value;
    return array_of(interpreter, std::move(*items));
}

NativeResult sort(Interpreter& interpreter, const Args& args) {
    NativeResult result = sorted(interpreter, args);
    if (!result) return result;
    args.positional[0].as<Array>().items = result->as<Array>().items;
    return args.positional[0];
}

// ---- With functions
// -----------------------------------------------------------------------------------------------------

// (list, f) and (f, list) both occur in the wild.
std::pair<Value, Value> list_and_function(const Args& args) {
    const Value& a = args.positional[0];
    const Value& b = given(args, 1, "f");
    return items_of(a) ? std::pair{a, b} : std::pair{b, a};
}

NativeResult map_list(Interpreter& interpreter, const Args& args) {
    auto [list, function] = list_and_function(args);
    auto* out = interpreter.heap().make<Array>();
    Interpreter::Root root(interpreter, out);
    auto error =
        each_item(interpreter, "map", list, [&, f = function](const Value& item) -> tl::expected<bool, ScriptError> {
            NativeResult value = interpreter.call(f, {&item, 1});
            if (!value) return tl::make_unexpected(std::move(value).error());
            out->items.push_back(*value);
            return true;
        });
    if (error) return tl::make_unexpected(*error);
    interpreter.heap().grew(out->extra_bytes());
    return out;
}

NativeResult filter(Interpreter& interpreter, const Args& args) {
    auto [list, function] = list_and_function(args);
    auto* out = interpreter.heap().make<Array>();
    Interpreter::Root root(interpreter, out);
    auto error =
        each_item(interpreter, "filter", list, [&, f = function](const Value& item) -> tl::expected<bool, ScriptError> {
            NativeResult keep = interpreter.call(f, {&item, 1});
            if (!keep) return tl::make_unexpected(std::move(keep).error());
            if (truthy(*keep)) out->items.push_back(item);
            return true;
        });
    if (error) return tl::make_unexpected(*error);
    interpreter.heap().grew(out->extra_bytes());
    return out;
}

NativeResult reduce(Interpreter& interpreter, const Args& args) {
    auto [list, function] = list_and_function(args);
    const Value* initial = args.find(2, "initial");
    Value so_far = initial ? *initial : Value::unset();
    auto error =
        each_item(interpreter, "reduce", list, [&, f = function](const Value& item) -> tl::expected<bool, ScriptError> {
            if (so_far.is(Type::kUnset)) {
                so_far = item;
                return true;
            }
            const Value both[] = {so_far, item};
            NativeResult value = interpreter.call(f, both);
            if (!value) return tl::make_unexpected(std::move(value).error());
            so_far = *value;
            return true;
        });
    if (error) return tl::make_unexpected(*error);
    if (so_far.is(Type::kUnset)) return script_error(ErrorKind::kValue, "`reduce` of nothing, without a first value");
    return so_far;
}

// Whether some (wanted true) or all (wanted false, then negated) elements pass.
tl::expected<bool, ScriptError> any_is(Interpreter& interpreter, const Args& args, bool wanted) {
    auto [list, function] = list_and_function(args);
    bool found = false;
    auto error =
        each_item(interpreter, "any", list, [&, f = function](const Value& item) -> tl::expected<bool, ScriptError> {
            NativeResult value = f.is_null() ? NativeResult(item) : interpreter.call(f, {&item, 1});
            if (!value) return tl::make_unexpected(std::move(value).error());
            found = truthy(*value) == wanted;
            return !found;
        });
    if (error) return tl::make_unexpected(*error);
    return found;
}

NativeResult any(Interpreter& interpreter, const Args& args) {
    auto found = any_is(interpreter, args, true);
    if (!found) return tl::make_unexpected(std::move(found).error());
    return Value::boolean(*found);
}

NativeResult all(Interpreter& interpreter, const Args& args) {
    auto found = any_is(interpreter, args, false);
    if (!found) return tl::make_unexpected(std::move(found).error());
    return Value::boolean(!*found);
}

NativeResult each(Interpreter& interpreter, const Args& args) {
    auto [list, function] = list_and_function(args);
    auto error =
        each_item(interpreter, "each", list, [&, f = function](const Value& item) -> tl::expected<bool, ScriptError> {
            NativeResult value = interpreter.call(f, {&item, 1});
            if (!value) return tl::make_unexpected(std::move(value).error());
            return true;
        });
    if (error) return tl::make_unexpected(*error);
    return Value();
}

NativeResult sum(Interpreter& interpreter, const Args& args) {
    const Value* initial = args.find(1, "start");
    Value total = initial ? *initial : Value::unset();
    auto error =
        each_item(interpreter, "sum", args.positional[0], [&](const Value& item) -> tl::expected<bool, ScriptError> {
            NativeResult next =
                total.is(Type::kUnset) ? NativeResult(item) : binary_operation(interpreter, Op::kAdd, total, item);
            if (!next) return tl::make_unexpected(std::move(next).error());
            total = *next;
            return true;
        });
    if (error) return tl::make_unexpected(*error);
    return total.is(Type::kUnset) ? Value::integer(0) : total;
}

// ---- Maps
// ---------------------------------------------------------------------------------------------------------------

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

// ---- Making
// -------------------------------------------------------------------------------------------------------------

NativeResult range(Interpreter& interpreter, const Args& args) {
    for (const Value& value : args.positional) {
        if (!value.is(Type::kInt)) return wrong("range", "ints", value);
    }
    std::size_t count = args.positional.size();
    if (count == 0 || count > 3) return script_error(ErrorKind::kArity, "`range` takes one to three ints");
    std::int64_t begin = count == 1 ? 0 : args.positional[0].as_int();
    std::int64_t end = args.positional[count == 1 ? 0 : 1].as_int();
    std::int64_t step = count == 3 ? args.positional[2].as_int() : 1;
    if (step == 0) return script_error(ErrorKind::kValue, "a range cannot step by 0");
    return interpreter.heap().make<Range>(begin, end, step);
}

// array(): empty. array(list): its elements. array(3, 0): three zeros.
NativeResult array(Interpreter& interpreter, const Args& args) {
    const Value& source = given(args, 0, "x");
    if (source.is_null()) return array_of(interpreter, {});
    if (source.is(Type::kInt)) {
        auto size = static_cast<std::uint64_t>(std::max<std::int64_t>(source.as_int(), 0));
        if (size > kLongestRange || !interpreter.has_room(size * sizeof(Value))) return interpreter.over_limit();
        return array_of(interpreter, std::vector<Value>(size, given(args, 1, "value")));
    }
    if (source.is(Type::kString)) return wrong("array", "a list or a length (text has chars())", source);
    auto list = items_of(source);
    if (!list) return wrong("array", "a list or a length", source);
    if (!interpreter.has_room(list->size() * sizeof(Value))) return interpreter.over_limit();
    return array_of(interpreter, std::move(*list));
}

NativeResult tuple(Interpreter& interpreter, const Args& args) {
    auto list = items_of(args.positional[0]);
    if (!list) return wrong("tuple", "a list", args.positional[0]);
    return interpreter.heap().make<Tuple>(std::move(*list));
}

NativeResult enumerate(Interpreter& interpreter, const Args& args) {
    auto list = items_of(args.positional[0]);
    if (!list) return wrong("enumerate", "a list", args.positional[0]);
    if (!interpreter.has_room(list->size() * 112)) return interpreter.over_limit();
    for (std::size_t i = 0; i < list->size(); ++i) {
        auto number = Value::integer(static_cast<std::int64_t>(i));
        (*list)[i] = interpreter.heap().make<Tuple>(std::vector<Value>{number, (*list)[i]});
    }
    return array_of(interpreter, std::move(*list));
}

NativeResult zip(Interpreter& interpreter, const Args& args) {
    auto a = items_of(given(args, 0, "a"));
    auto b = items_of(given(args, 1, "b"));
    if (!a || !b) return wrong("zip", "two lists", given(args, a ? 1 : 0, "a"));
    std::size_t count = std::min(a->size(), b->size());
    if (!interpreter.has_room(count * 112)) return interpreter.over_limit();
    std::vector<Value> out;
    for (std::size_t i = 0; i < count; ++i) {
        out.push_back(interpreter.heap().make<Tuple>(std::vector<Value>{(*a)[i], (*b)[i]}));
    }
    return array_of(interpreter, std::move(out));
}

constexpr TypeMask kArray = mask_of(Type::kArray);
constexpr TypeMask kMap = mask_of(Type::kMap);
constexpr TypeMask kList = kArray | mask_of(Type::kTuple) | mask_of(Type::kRange);
constexpr TypeMask kSized = kList | kMap | mask_of(Type::kString);

constexpr NativeSpec kCollections[] = {
    {"len", "x", len, kSized},
    {"length", "x", len, kSized},
    {"size", "x", len, kSized, false},
    {"has", "x, item", has, kSized},
    {"contains", "x, item", has, kSized},
    {"find", "x, item", index_of, kList | mask_of(Type::kString)},
    {"index_of", "x, item", index_of, kList | mask_of(Type::kString), false},
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
    {"join", "list, separator =", join, kList | mask_of(Type::kString)},
    {"reversed", "list", reversed, kSized},
    {"reverse", "list", reverse, kArray, false},
    {"sorted", "list, key =, reverse =", sorted, kList},
    {"sort", "list, key =, reverse =", sort, kArray, false},
    {"map", "list, f", map_list, kList},
    {"filter", "list, f", filter, kList},
    {"reduce", "list, f, initial =", reduce, kList},
    {"each", "list, f", each, kList, false},
    {"any", "list, f =", any, kList},
    {"all", "list, f =", all, kList},
    {"sum", "list, start =", sum, kList},
    {"keys", "map", keys, kMap},
    {"values", "map", values, kMap},
    {"items", "map", items, kMap},
    {"get", "map, key, default =", get, kMap, false},
    {"set", "map, key, value", set, kMap, false},
    {"copy", "x", copy, kArray | kMap},
    {"range", "...", range},
    {"array", "x =, value =", array},
    {"to_array", "x", array, kList, false},
    {"tuple", "list", tuple},
    {"enumerate", "list", enumerate},
    {"zip", "a, b", zip},
};

}  // namespace

namespace builtins {

std::span<const NativeSpec> collections() {
    return kCollections;
}

std::optional<std::vector<Value>> items_of(const Value& value) {
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

}  // namespace builtins

}  // namespace nyx::script
