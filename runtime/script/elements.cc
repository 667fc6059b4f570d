// What `[index]` and slices do with each type of value.
#include <algorithm>

#include "runtime/script/code_points.h"
#include "runtime/script/format.h"
#include "runtime/script/interpreter.h"
#include "runtime/script/operators.h"

namespace nyx::script {

namespace {

// index counts from the end when negative; nothing when it is outside.
std::optional<std::size_t> resolve(std::int64_t index, std::size_t size) {
    auto length = static_cast<std::int64_t>(size);
    if (index < 0) index += length;
    if (index < 0 || index >= length) return std::nullopt;
    return static_cast<std::size_t>(index);
}

tl::unexpected<ScriptError> outside(std::int64_t index, std::size_t size) {
    return script_error(ErrorKind::kIndex, "index {} is outside: the length is {}", index, size);
}

NativeResult list_index(const std::vector<Value>& items, std::int64_t index) {
    auto place = resolve(index, items.size());
    if (!place) return outside(index, items.size());
    return items[*place];
}

// begin and end of a slice, within 0 … size.
std::pair<std::size_t, std::size_t> slice_bounds(const Value& begin, const Value& end, std::size_t size) {
    auto length = static_cast<std::int64_t>(size);
    auto bound = [length](const Value& value, std::int64_t absent) {
        std::int64_t at = value.is_null() ? absent : value.as_int();
        if (at < 0) at += length;
        return std::clamp<std::int64_t>(at, 0, length);
    };
    std::int64_t from = bound(begin, 0);
    return {static_cast<std::size_t>(from), static_cast<std::size_t>(std::max(from, bound(end, length)))};
}

}  // namespace

bool Interpreter::load_index() {
    Value object = sp_[-2];
    Value index = sp_[-1];
    --sp_;
    NativeResult result;
    if (auto* map = object.try_as<Map>()) {
        if (!hashable(index)) return fail_with(ErrorKind::kType, "{} cannot be a key", type_name(index.type()));
        const Value* found = map->find(index);
        if (!found) return fail_with(ErrorKind::kKey, "the map has no key {}", to_source(index));
        sp_[-1] = *found;
        return true;
    }
    if (auto* instance = object.try_as<Instance>(); instance && index.is(Type::kString)) {
        return load_member(heap_.intern(index.as<String>().text));
    }
    if (auto* range = index.try_as<Range>(); range && range->step == 1) {
        *sp_++ = Value::integer(range->begin);
        *sp_++ = Value::integer(range->end);
        return slice();
    }
    if (!index.is(Type::kInt)) {
        return fail_with(ErrorKind::kType, "{} cannot be indexed by {}", type_name(object.type()),
                         type_name(index.type()));
    }
    if (auto* array = object.try_as<Array>()) {
        result = list_index(array->items, index.as_int());
    } else if (auto* tuple = object.try_as<Tuple>()) {
        result = list_index(tuple->items, index.as_int());
    } else if (auto* string = object.try_as<String>()) {
        std::size_t size = text_length(string->text);
        auto place = resolve(index.as_int(), size);
        if (!place) return fail(outside(index.as_int(), size).value());
        result = heap_.string(text_slice(string->text, *place, *place + 1));
    } else if (auto* range = object.try_as<Range>()) {
        std::uint64_t size = range->length();
        auto place = resolve(index.as_int(), size);
        if (!place) return fail(outside(index.as_int(), size).value());
        result = Value::integer(range->begin + static_cast<std::int64_t>(*place) * range->step);
    } else {
        return fail_with(ErrorKind::kType, "{} cannot be indexed", type_name(object.type()));
    }
    if (!result) return fail(std::move(result).error());
    sp_[-1] = *result;
    return within_heap();
}

bool Interpreter::store_index() {
    Value object = sp_[-3];
    Value index = sp_[-2];
    Value value = sp_[-1];
    sp_ -= 3;
    if (auto* map = object.try_as<Map>()) {
        if (!hashable(index)) return fail_with(ErrorKind::kType, "{} cannot be a key", type_name(index.type()));
        std::size_t before = map->extra_bytes();
        map->set(index, value);
        heap_.grew(map->extra_bytes() - before);
        return within_heap();
    }
    auto* array = object.try_as<Array>();
    if (!array) return fail_with(ErrorKind::kType, "elements of {} cannot be set", type_name(object.type()));
    if (!index.is(Type::kInt))
        return fail_with(ErrorKind::kType, "array cannot be indexed by {}", type_name(index.type()));
    auto place = resolve(index.as_int(), array->items.size());
    if (!place) return fail(outside(index.as_int(), array->items.size()).value());
    array->items[*place] = value;
    return true;
}

bool Interpreter::slice() {
    Value object = sp_[-3];
    Value begin = sp_[-2];
    Value end = sp_[-1];
    sp_ -= 2;
    for (const Value* bound : {&begin, &end}) {
        if (!bound->is_null() && !bound->is(Type::kInt)) {
            return fail_with(ErrorKind::kType, "a slice goes from int to int, not {}", type_name(bound->type()));
        }
    }
    if (auto* string = object.try_as<String>()) {
        auto [from, to] = slice_bounds(begin, end, text_length(string->text));
        sp_[-1] = heap_.string(text_slice(string->text, from, to));
        return within_heap();
    }
    auto part = [&](const std::vector<Value>& items) {
        auto [from, to] = slice_bounds(begin, end, items.size());
        auto first = items.begin() + static_cast<std::ptrdiff_t>(from);
        return std::vector<Value>(first, first + static_cast<std::ptrdiff_t>(to - from));
    };
    if (auto* array = object.try_as<Array>()) {
        if (!has_room(array->items.size() * sizeof(Value))) return fail(over_limit().value());
        sp_[-1] = heap_.make<Array>(part(array->items));
    } else if (auto* tuple = object.try_as<Tuple>()) {
        sp_[-1] = heap_.make<Tuple>(part(tuple->items));
    } else {
        return fail_with(ErrorKind::kType, "{} has no slices", type_name(object.type()));
    }
    return within_heap();
}

}  // namespace nyx::script
