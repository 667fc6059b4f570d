// The built-ins that make collections.
#include <algorithm>

#include "runtime/script/builtins.h"

namespace nyx::script {

namespace {

using builtins::array_of;
using builtins::given;
using builtins::items_of;
using builtins::kList;
using builtins::kLongestRange;
using builtins::wrong;

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

constexpr NativeSpec kMaking[] = {
    {"range", "...", range},  {"array", "x =, value =", array}, {"to_array", "x", array, kList, false},
    {"tuple", "list", tuple}, {"enumerate", "list", enumerate}, {"zip", "a, b", zip},
};

}  // namespace

std::span<const NativeSpec> builtins::making() {
    return kMaking;
}

}  // namespace nyx::script
