#include "runtime/script/operators.h"

#include "runtime/script/interpreter.h"
#include "runtime/script/operator_parts.h"

namespace nyx::script {

namespace {

NativeResult make_range(Interpreter& interpreter, const Value& a, const Value& b) {
    if (!a.is(Type::kInt) || !b.is(Type::kInt)) {
        return script_error(ErrorKind::kType, "a range goes from int to int, not from {} to {}", type_name(a.type()),
                            type_name(b.type()));
    }
    return interpreter.heap().make<Range>(a.as_int(), b.as_int(), 1);
}

}  // namespace

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
    if (op == Op::kNegate && (operand.is_number() || operand.is_quantity())) return negate(operand);
    return script_error(ErrorKind::kType, "`{}` does not work on {}", op == Op::kNegate ? "-" : "~",
                        type_name(operand.type()));
}

std::string_view op_symbol(Op op) {
    constexpr std::string_view kSymbols[] = {"+",  "-",  "*",  "/", "//", "%", "**", "&",  "|",      "^", "<<",
                                             ">>", "==", "!=", "<", "<=", ">", ">=", "in", "not in", ".."};
    return kSymbols[static_cast<std::size_t>(op) - static_cast<std::size_t>(Op::kAdd)];
}

bool Interpreter::binary(Op op) {
    maybe_collect();
    NativeResult result = binary_operation(*this, op, sp_[-2], sp_[-1]);
    if (!result) return fail(std::move(result).error());
    *--sp_ = Value();
    sp_[-1] = *result;
    return result->is_object() ? within_heap() : true;
}

bool Interpreter::unary(Op op) {
    NativeResult result = unary_operation(op, sp_[-1]);
    if (!result) return fail(std::move(result).error());
    sp_[-1] = *result;
    return true;
}

}  // namespace nyx::script
