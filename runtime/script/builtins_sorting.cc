// The built-ins that sort.
#include <algorithm>

#include "runtime/script/builtins.h"
#include "runtime/script/operators.h"

namespace nyx::script {

namespace {

using builtins::array_of;
using builtins::given;
using builtins::items_of;
using builtins::kArray;
using builtins::kList;
using builtins::wrong;

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

constexpr NativeSpec kSorting[] = {
    {"sorted", "list, key =, reverse =", sorted, kList},
    {"sort", "list, key =, reverse =", sort, kArray, false},
};

}  // namespace

std::span<const NativeSpec> builtins::sorting() {
    return kSorting;
}

}  // namespace nyx::script
