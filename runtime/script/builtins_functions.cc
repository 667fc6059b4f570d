// The built-ins that go over the elements of a list, most of them with a function.
#include "runtime/script/builtins.h"
#include "runtime/script/operators.h"

namespace nyx::script {

namespace {

using builtins::each_item;
using builtins::given;
using builtins::items_of;
using builtins::kList;

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

constexpr NativeSpec kFunctions[] = {
    {"map", "list, f", map_list, kList},
    {"filter", "list, f", filter, kList},
    {"reduce", "list, f, initial =", reduce, kList},
    {"each", "list, f", each, kList, false},
    {"any", "list, f =", any, kList},
    {"all", "list, f =", all, kList},
    {"sum", "list, start =", sum, kList},
};

}  // namespace

std::span<const NativeSpec> builtins::functions() {
    return kFunctions;
}

}  // namespace nyx::script
