// What operators do with text, arrays, tuples and maps.
#include <algorithm>

#include "runtime/script/interpreter.h"
#include "runtime/script/operator_parts.h"
#include "runtime/script/operators.h"

namespace nyx::script {

namespace {

NativeResult add_strings(Interpreter& interpreter, const Value& a, const Value& b) {
    std::string text = to_text(a);
    text += to_text(b);
    if (!interpreter.has_room(text.size())) return interpreter.over_limit();
    return interpreter.heap().string(text);
}

NativeResult repeat(Interpreter& interpreter, const Value& value, std::int64_t times) {
    std::size_t size =
        value.is(Type::kString) ? value.as<String>().text.size() : value.as<Array>().items.size() * sizeof(Value);
    auto count = static_cast<std::uint64_t>(std::max<std::int64_t>(times, 0));
    if (size != 0 && (count > (std::uint64_t{1} << 40) || !interpreter.has_room(size * count)))
        return interpreter.over_limit();
    if (value.is(Type::kString)) {
        std::string_view text = value.as<String>().text;
        std::string out;
        out.reserve(size * count);
        for (std::uint64_t i = 0; size != 0 && i < count; ++i) out += text;
        return interpreter.heap().string(out);
    }
    const std::vector<Value>& items = value.as<Array>().items;
    std::vector<Value> out;
    out.reserve(items.size() * count);
    for (std::uint64_t i = 0; size != 0 && i < count; ++i) out.insert(out.end(), items.begin(), items.end());
    return interpreter.heap().make<Array>(std::move(out));
}

template <class List>
NativeResult joined(Interpreter& interpreter, const List& a, const List& b) {
    if (!interpreter.has_room((a.items.size() + b.items.size()) * sizeof(Value))) return interpreter.over_limit();
    std::vector<Value> items = a.items;
    items.insert(items.end(), b.items.begin(), b.items.end());
    return interpreter.heap().make<List>(std::move(items));
}

NativeResult merged(Interpreter& interpreter, const Map& a, const Map& b) {
    if (!interpreter.has_room(a.extra_bytes() + b.extra_bytes())) return interpreter.over_limit();
    auto* map = interpreter.heap().make<Map>();
    for (const Map* source : {&a, &b}) {
        for (const Map::Entry& entry : source->entries()) {
            if (!entry.key.is(Type::kUnset)) map->set(entry.key, entry.value);
        }
    }
    interpreter.heap().grew(map->extra_bytes());
    return map;
}

// Two readings of the same counters: by how much each number of `now` is above that in `before`, where it began at 0.
NativeResult change(Interpreter& interpreter, const Map& now, Map& before) {
    if (!interpreter.has_room(now.extra_bytes())) return interpreter.over_limit();
    auto* result = interpreter.heap().make<Map>();
    for (const Map::Entry& entry : now.entries()) {
        if (entry.key.is(Type::kUnset)) continue;
        const Value* old = before.find(entry.key);
        const Value zero = Value::integer(0);
        bool numbers = entry.value.is_number() && (!old || old->is_number());
        if (!numbers) return mismatch(Op::kSubtract, entry.value, old ? *old : zero);
        auto difference = binary_operation(interpreter, Op::kSubtract, entry.value, old ? *old : zero);
        if (!difference) return difference;
        result->set(entry.key, *difference);
    }
    interpreter.heap().grew(result->extra_bytes());
    return result;
}

}  // namespace

NativeResult object_operation(Interpreter& interpreter, Op op, const Value& a, const Value& b) {
    if (op == Op::kAdd) {
        if (a.is(Type::kString) || b.is(Type::kString)) return add_strings(interpreter, a, b);
        if (a.is(Type::kArray) && b.is(Type::kArray)) return joined(interpreter, a.as<Array>(), b.as<Array>());
        if (a.is(Type::kTuple) && b.is(Type::kTuple)) return joined(interpreter, a.as<Tuple>(), b.as<Tuple>());
    }
    if (op == Op::kBitOr && a.is(Type::kMap) && b.is(Type::kMap)) return merged(interpreter, a.as<Map>(), b.as<Map>());
    if (op == Op::kSubtract && a.is(Type::kMap) && b.is(Type::kMap)) {
        return change(interpreter, a.as<Map>(), b.as<Map>());
    }
    if (op == Op::kMultiply && b.is(Type::kInt) && (a.is(Type::kString) || a.is(Type::kArray))) {
        return repeat(interpreter, a, b.as_int());
    }
    return mismatch(op, a, b);
}

}  // namespace nyx::script
