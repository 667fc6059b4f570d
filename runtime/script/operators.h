// What the operators mean for every pair of types. Whole numbers overflow into an error; quantities keep their
// dimension.
#pragma once

#include "runtime/script/objects.h"
#include "runtime/script/program.h"

namespace nyx::script {

// op is one of kAdd … kRange.
NativeResult binary_operation(Interpreter& interpreter, Op op, const Value& a, const Value& b);
NativeResult unary_operation(Op op, const Value& operand);

// -1, 0 or 1; an error where the two have no order.
tl::expected<int, ScriptError> compare(const Value& a, const Value& b, int depth = 0);
tl::expected<bool, ScriptError> contains(Interpreter& interpreter, const Value& container, const Value& item);

// The operator as written, "+".
std::string_view op_symbol(Op op);

}  // namespace nyx::script
