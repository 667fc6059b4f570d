// The built-ins that calculate.
#include <algorithm>
#include <cmath>

#include "runtime/script/builtins.h"
#include "runtime/script/operators.h"

namespace nyx::script {

namespace {

using builtins::given;
using builtins::kNumber;
using builtins::to_whole;
using builtins::wrong;

NativeResult abs_of(Interpreter&, const Args& args) {
    const Value& value = args.positional[0];
    if (value.is(Type::kFloat)) return Value::floating(std::abs(value.as_float()));
    if (!value.is(Type::kInt) && !value.is_quantity()) return wrong("abs", "a number", value);
    return value.as_int() < 0 ? unary_operation(Op::kNegate, value) : NativeResult(value);
}

// The least (sign -1) or greatest (sign 1) of the arguments, or of the one list given.
NativeResult extreme(const Args& args, int sign, std::string_view name) {
    std::span<const Value> values = args.positional;
    std::vector<Value> listed;
    if (values.size() == 1) {
        auto items = builtins::items_of(values[0]);
        if (!items) return wrong(name, "numbers or a list", values[0]);
        listed = std::move(*items);
        values = listed;
    }
    if (values.empty()) return script_error(ErrorKind::kValue, "`{}` of nothing", name);
    Value best = values[0];
    for (const Value& value : values) {
        auto order = compare(value, best);
        if (!order) return tl::make_unexpected(std::move(order).error());
        if (*order == sign) best = value;
    }
    return best;
}

NativeResult min_of(Interpreter&, const Args& args) {
    return extreme(args, -1, "min");
}
NativeResult max_of(Interpreter&, const Args& args) {
    return extreme(args, 1, "max");
}

NativeResult clamp(Interpreter&, const Args& args) {
    auto below = compare(given(args, 0, "x"), given(args, 1, "low"));
    if (!below) return tl::make_unexpected(std::move(below).error());
    if (*below < 0) return given(args, 1, "low");
    auto above = compare(given(args, 0, "x"), given(args, 2, "high"));
    if (!above) return tl::make_unexpected(std::move(above).error());
    return *above > 0 ? given(args, 2, "high") : given(args, 0, "x");
}

template <double (*kRound)(double)>
NativeResult rounded(Interpreter&, const Args& args) {
    const Value& value = args.positional[0];
    if (value.is(Type::kInt)) return value;
    if (!value.is(Type::kFloat)) return wrong("round", "a number", value);
    return to_whole(kRound(value.as_float()));
}

NativeResult round_to(Interpreter& interpreter, const Args& args) {
    const Value* digits = args.find(1, "digits");
    if (!digits) return rounded<std::round>(interpreter, args);
    if (!digits->is(Type::kInt) || !args.positional[0].is_number())
        return wrong("round", "a number and digits", *digits);
    double scale = std::pow(10.0, static_cast<double>(std::clamp<std::int64_t>(digits->as_int(), -15, 15)));
    const Value& value = args.positional[0];
    double number = value.is(Type::kFloat) ? value.as_float() : static_cast<double>(value.as_int());
    return Value::floating(std::round(number * scale) / scale);
}

NativeResult sqrt_of(Interpreter&, const Args& args) {
    const Value& value = args.positional[0];
    if (!value.is_number()) return wrong("sqrt", "a number", value);
    double number = value.is(Type::kFloat) ? value.as_float() : static_cast<double>(value.as_int());
    if (number < 0) return script_error(ErrorKind::kValue, "`sqrt` of a negative number");
    return Value::floating(std::sqrt(number));
}

NativeResult pow_of(Interpreter& interpreter, const Args& args) {
    return binary_operation(interpreter, Op::kPower, given(args, 0, "x"), given(args, 1, "y"));
}

constexpr NativeSpec kNumbers[] = {
    {"abs", "x", abs_of, kNumber},
    {"min", "...", min_of},
    {"max", "...", max_of},
    {"clamp", "x, low, high", clamp, kNumber},
    {"round", "x, digits =", round_to, kNumber},
    {"floor", "x", rounded<std::floor>, kNumber},
    {"ceil", "x", rounded<std::ceil>, kNumber},
    {"sqrt", "x", sqrt_of},
    {"pow", "x, y", pow_of},
};

}  // namespace

std::span<const NativeSpec> builtins::numbers() {
    return kNumbers;
}

}  // namespace nyx::script
