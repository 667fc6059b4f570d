// Arithmetic of whole numbers, floats and quantities.
#include <cmath>

#include "runtime/script/interpreter.h"
#include "runtime/script/operator_parts.h"
#include "runtime/script/operators.h"

namespace nyx::script {

using Int = std::int64_t;

namespace {

tl::unexpected<ScriptError> overflow(Op op, Int a, Int b) {
    return script_error(ErrorKind::kArithmetic, "{} {} {} does not fit in 64 bits", a, op_symbol(op), b);
}

tl::unexpected<ScriptError> division_by_zero() {
    return script_error(ErrorKind::kArithmetic, "division by zero");
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

}  // namespace

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
    double a = to_double(left);
    double b = to_double(right);
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

namespace {

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

}  // namespace

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

NativeResult negate(const Value& operand) {
    if (operand.is(Type::kFloat)) return Value::floating(-operand.as_float());
    Int result = 0;
    if (__builtin_sub_overflow(Int{0}, operand.as_int(), &result)) return overflow(Op::kSubtract, 0, operand.as_int());
    return operand.is(Type::kInt) ? Value::integer(result) : Value::quantity(operand.type(), result);
}

}  // namespace nyx::script
