#include "runtime/script/operators.h"

#include <algorithm>
#include <cmath>

#include "runtime/script/interpreter.h"

namespace nyx::script {

namespace {

using Int = std::int64_t;

tl::unexpected<ScriptError> overflow(Op op, Int a, Int b) {
    return script_error(ErrorKind::kArithmetic, "{} {} {} does not fit in 64 bits", a, op_symbol(op), b);
}

tl::unexpected<ScriptError> division_by_zero() {
    return script_error(ErrorKind::kArithmetic, "division by zero");
}

tl::unexpected<ScriptError> mismatch(Op op, const Value& a, const Value& b) {
    if (a.is_quantity() && b.is_quantity()) {
        return script_error(ErrorKind::kType, "a {} and a {} cannot go together in `{}`", type_name(a.type()),
                            type_name(b.type()), op_symbol(op));
    }
    if (a.is_quantity() || b.is_quantity()) {
        const Value& quantity = a.is_quantity() ? a : b;
        const Value& other = a.is_quantity() ? b : a;
        return script_error(ErrorKind::kType, "`{}` needs a {} on both sides, and one is {} {}; give it a unit",
                            op_symbol(op), type_name(quantity.type()), other.is(Type::kInt) ? "an" : "a",
                            type_name(other.type()));
    }
    return script_error(ErrorKind::kType, "`{}` does not work on {} and {}", op_symbol(op), type_name(a.type()),
                        type_name(b.type()));
}

double number(const Value& value) {
    return value.is(Type::kFloat) ? value.as_float() : static_cast<double>(value.as_int());
}

Int floor_divide(Int a, Int b) {
    Int quotient = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

NativeResult divide_ints(Op op, Int a, Int b) {
    if (b == 0) return division_by_zero();
    if (b == -1) {  // INT64_MIN / -1 traps
        Int negated = 0;
        if (op == Op::kModulo) return Value::integer(0);
        if (__builtin_sub_overflow(Int{0}, a, &negated)) return overflow(op, a, b);
        return Value::integer(negated);
    }
    if (op == Op::kFloorDivide) return Value::integer(floor_divide(a, b));
    if (op == Op::kModulo) return Value::integer(a - floor_divide(a, b) * b);
    if (a % b == 0) return Value::integer(a / b);
    return Value::floating(static_cast<double>(a) / static_cast<double>(b));
}

NativeResult power_ints(Int base, Int exponent) {
    if (exponent < 0) return Value::floating(std::pow(static_cast<double>(base), static_cast<double>(exponent)));
    Int result = 1;
    Int square = base;
    for (Int left = exponent; left > 0; left >>= 1) {
        if ((left & 1) != 0 && __builtin_mul_overflow(result, square, &result))
            return overflow(Op::kPower, base, exponent);
        if (left > 1 && __builtin_mul_overflow(square, square, &square)) return overflow(Op::kPower, base, exponent);
    }
    return Value::integer(result);
}

NativeResult shift(Op op, Int a, Int b) {
    if (b < 0 || b > 63) return script_error(ErrorKind::kArithmetic, "a shift by {} is not between 0 and 63", b);
    if (op == Op::kShiftRight) return Value::integer(a >> b);
    auto bits = static_cast<std::uint64_t>(a);
    std::uint64_t shifted = bits << b;
    bool fits = a >= 0 ? shifted >> b == bits : static_cast<Int>(shifted) >> b == a;
    if (!fits) return overflow(op, a, b);
    return Value::integer(static_cast<Int>(shifted));
}

NativeResult int_operation(Op op, Int a, Int b) {
    Int result = 0;
    switch (op) {
        case Op::kAdd:
            if (__builtin_add_overflow(a, b, &result)) return overflow(op, a, b);
            return Value::integer(result);
        case Op::kSubtract:
            if (__builtin_sub_overflow(a, b, &result)) return overflow(op, a, b);
            return Value::integer(result);
        case Op::kMultiply:
            if (__builtin_mul_overflow(a, b, &result)) return overflow(op, a, b);
            return Value::integer(result);
        case Op::kDivide:
        case Op::kFloorDivide:
        case Op::kModulo:
            return divide_ints(op, a, b);
        case Op::kPower:
            return power_ints(a, b);
        case Op::kBitAnd:
            return Value::integer(a & b);
        case Op::kBitOr:
            return Value::integer(a | b);
        case Op::kBitXor:
            return Value::integer(a ^ b);
        default:
            return shift(op, a, b);
    }
}

NativeResult float_operation(Op op, const Value& left, const Value& right) {
    double a = number(left);
    double b = number(right);
    switch (op) {
        case Op::kAdd:
            return Value::floating(a + b);
        case Op::kSubtract:
            return Value::floating(a - b);
        case Op::kMultiply:
            return Value::floating(a * b);
        case Op::kDivide:
            if (b == 0) return division_by_zero();
            return Value::floating(a / b);
        case Op::kFloorDivide:
            if (b == 0) return division_by_zero();
            return Value::floating(std::floor(a / b));
        case Op::kModulo:
            if (b == 0) return division_by_zero();
            return Value::floating(a - std::floor(a / b) * b);
        case Op::kPower:
            return Value::floating(std::pow(a, b));
        default:
            return mismatch(op, left, right);
    }
}

// To the nearest base unit, halves away from zero.
NativeResult rounded(Type dimension, double base_units) {
    double whole = std::round(base_units);
    if (!(std::abs(whole) < 9.2e18))
        return script_error(ErrorKind::kArithmetic, "this {} is too large", type_name(dimension));
    return Value::quantity(dimension, static_cast<Int>(whole));
}

NativeResult scale(Op op, const Value& quantity, const Value& by) {
    if (by.is(Type::kFloat)) {
        if (op == Op::kMultiply)
            return rounded(quantity.type(), static_cast<double>(quantity.as_int()) * by.as_float());
        if (by.as_float() == 0) return division_by_zero();
        double result = static_cast<double>(quantity.as_int()) / by.as_float();
        return rounded(quantity.type(), op == Op::kFloorDivide ? std::floor(result) : result);
    }
    NativeResult result = int_operation(op, quantity.as_int(), by.as_int());
    if (!result) return result;
    if (result->is(Type::kFloat)) return rounded(quantity.type(), result->as_float());
    return Value::quantity(quantity.type(), result->as_int());
}

NativeResult quantity_operation(Op op, const Value& a, const Value& b) {
    bool same = a.type() == b.type();
    bool ratio = op == Op::kDivide || op == Op::kFloorDivide;
    if (same && (op == Op::kAdd || op == Op::kSubtract || op == Op::kModulo)) {
        NativeResult result = int_operation(op, a.as_int(), b.as_int());
        if (!result) return result;
        return Value::quantity(a.type(), result->as_int());
    }
    if (same && ratio) return int_operation(op, a.as_int(), b.as_int());
    if (b.is_number() && (op == Op::kMultiply || ratio)) return scale(op, a, b);
    if (a.is_number() && op == Op::kMultiply) return scale(op, b, a);
    return mismatch(op, a, b);
}

NativeResult add_strings(Interpreter& interpreter, const Value& a, const Value& b) {
    std::string text = to_text(a);
    text += to_text(b);
    if (!interpreter.has_room(text.size())) return interpreter.over_limit();
    return interpreter.heap().make<String>(std::move(text));
}

NativeResult repeat(Interpreter& interpreter, const Value& value, Int times) {
    std::size_t size =
        value.is(Type::kString) ? value.as<String>().text.size() : value.as<Array>().items.size() * sizeof(Value);
    auto count = static_cast<std::uint64_t>(std::max<Int>(times, 0));
    if (size != 0 && (count > (std::uint64_t{1} << 40) || !interpreter.has_room(size * count)))
        return interpreter.over_limit();
    if (value.is(Type::kString)) {
        const std::string& text = value.as<String>().text;
        std::string out;
        out.reserve(size * count);
        for (std::uint64_t i = 0; size != 0 && i < count; ++i) out += text;
        return interpreter.heap().make<String>(std::move(out));
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

NativeResult comparison(Op op, const Value& a, const Value& b) {
    bool unordered =
        (a.is(Type::kFloat) && std::isnan(a.as_float())) || (b.is(Type::kFloat) && std::isnan(b.as_float()));
    auto order = compare(a, b);
    if (!order) return mismatch(op, a, b);
    if (unordered) return Value::boolean(false);
    switch (op) {
        case Op::kLess:
            return Value::boolean(*order < 0);
        case Op::kLessEqual:
            return Value::boolean(*order <= 0);
        case Op::kGreater:
            return Value::boolean(*order > 0);
        default:
            return Value::boolean(*order >= 0);
    }
}

NativeResult make_range(Interpreter& interpreter, const Value& a, const Value& b) {
    if (!a.is(Type::kInt) || !b.is(Type::kInt)) {
        return script_error(ErrorKind::kType, "a range goes from int to int, not from {} to {}", type_name(a.type()),
                            type_name(b.type()));
    }
    return interpreter.heap().make<Range>(a.as_int(), b.as_int(), 1);
}

tl::expected<int, ScriptError> compare_lists(const std::vector<Value>& a, const std::vector<Value>& b, int depth) {
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        auto order = compare(a[i], b[i], depth + 1);
        if (!order || *order != 0) return order;
    }
    return a.size() == b.size() ? 0 : a.size() < b.size() ? -1 : 1;
}

template <class T>
int three_way(const T& a, const T& b) {
    return a < b ? -1 : b < a ? 1 : 0;
}

}  // namespace

tl::expected<int, ScriptError> compare(const Value& a, const Value& b, int depth) {
    if (a.is_number() && b.is_number()) {
        if (a.is(Type::kInt) && b.is(Type::kInt)) return three_way(a.as_int(), b.as_int());
        return three_way(number(a), number(b));
    }
    if (a.type() == b.type() && depth < 100) {
        if (a.is_quantity()) return three_way(a.as_int(), b.as_int());
        if (a.is(Type::kString)) return three_way(a.as<String>().text, b.as<String>().text);
        if (a.is(Type::kArray)) return compare_lists(a.as<Array>().items, b.as<Array>().items, depth);
        if (a.is(Type::kTuple)) return compare_lists(a.as<Tuple>().items, b.as<Tuple>().items, depth);
    }
    return mismatch(Op::kLess, a, b);
}

tl::expected<bool, ScriptError> contains(Interpreter& interpreter, const Value& container, const Value& item) {
    auto in_list = [&](const std::vector<Value>& items) -> tl::expected<bool, ScriptError> {
        if (!interpreter.charge(items.size() / 16)) return interpreter.over_limit();
        return std::any_of(items.begin(), items.end(), [&](const Value& one) { return equal(one, item); });
    };
    switch (container.type()) {
        case Type::kArray:
            return in_list(container.as<Array>().items);
        case Type::kTuple:
            return in_list(container.as<Tuple>().items);
        case Type::kMap:
            return hashable(item) && container.as<Map>().find(item) != nullptr;
        case Type::kRange:
            return item.is(Type::kInt) && container.as<Range>().contains(item.as_int());
        case Type::kString:
            if (item.is(Type::kString)) {
                return container.as<String>().text.find(item.as<String>().text) != std::string::npos;
            }
            [[fallthrough]];
        default:
            return script_error(ErrorKind::kType, "`in` does not look for {} in {}", type_name(item.type()),
                                type_name(container.type()));
    }
}

NativeResult binary_operation(Interpreter& interpreter, Op op, const Value& a, const Value& b) {
    switch (op) {
        case Op::kEqual:
            return Value::boolean(equal(a, b));
        case Op::kNotEqual:
            return Value::boolean(!equal(a, b));
        case Op::kLess:
        case Op::kLessEqual:
        case Op::kGreater:
        case Op::kGreaterEqual:
            return comparison(op, a, b);
        case Op::kIn:
        case Op::kNotIn: {
            auto found = contains(interpreter, b, a);
            if (!found) return tl::make_unexpected(std::move(found).error());
            return Value::boolean(*found == (op == Op::kIn));
        }
        case Op::kRange:
            return make_range(interpreter, a, b);
        default:
            break;
    }
    if (a.is(Type::kInt) && b.is(Type::kInt)) return int_operation(op, a.as_int(), b.as_int());
    if (a.is_number() && b.is_number()) return float_operation(op, a, b);
    bool text = op == Op::kAdd && (a.is(Type::kString) || b.is(Type::kString));
    if ((a.is_quantity() || b.is_quantity()) && !text) return quantity_operation(op, a, b);
    return object_operation(interpreter, op, a, b);
}

NativeResult unary_operation(Op op, const Value& operand) {
    if (op == Op::kNot) return Value::boolean(!truthy(operand));
    if (op == Op::kBitNot && operand.is(Type::kInt)) return Value::integer(~operand.as_int());
    if (op == Op::kNegate && operand.is(Type::kFloat)) return Value::floating(-operand.as_float());
    if (op == Op::kNegate && (operand.is(Type::kInt) || operand.is_quantity())) {
        Int result = 0;
        if (__builtin_sub_overflow(Int{0}, operand.as_int(), &result))
            return overflow(Op::kSubtract, 0, operand.as_int());
        return operand.is(Type::kInt) ? Value::integer(result) : Value::quantity(operand.type(), result);
    }
    return script_error(ErrorKind::kType, "`{}` does not work on {}", op == Op::kNegate ? "-" : "~",
                        type_name(operand.type()));
}

std::string_view op_symbol(Op op) {
    constexpr std::string_view kSymbols[] = {"+",  "-",  "*",  "/", "//", "%", "**", "&",  "|",      "^", "<<",
                                             ">>", "==", "!=", "<", "<=", ">", ">=", "in", "not in", ".."};
    return kSymbols[static_cast<std::size_t>(op) - static_cast<std::size_t>(Op::kAdd)];
}

}  // namespace nyx::script
