// The parts that operators.cc chooses from, by what the operands are.
#pragma once

#include "runtime/script/natives.h"
#include "runtime/script/objects.h"
#include "runtime/script/program.h"

namespace nyx::script {

// operators_numbers.cc: op is one of kAdd … kShiftRight.
NativeResult int_operation(Op op, std::int64_t a, std::int64_t b);
// Both are numbers, not both whole.
NativeResult float_operation(Op op, const Value& a, const Value& b);
// One at least is a quantity.
NativeResult quantity_operation(Op op, const Value& a, const Value& b);
NativeResult negate(const Value& operand);

// operators_collections.cc: text, arrays, tuples and maps.
NativeResult object_operation(Interpreter& interpreter, Op op, const Value& a, const Value& b);

// comparisons.cc: op is one of kLess … kGreaterEqual.
NativeResult comparison(Op op, const Value& a, const Value& b);

// These two have no meaning together.
tl::unexpected<ScriptError> mismatch(Op op, const Value& a, const Value& b);

inline double to_double(const Value& number) {
    return number.is(Type::kFloat) ? number.as_float() : static_cast<double>(number.as_int());
}

}  // namespace nyx::script
