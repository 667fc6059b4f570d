// What operators give, by the rules of runtime/script/operators.cc.
#pragma once

#include <string_view>

#include "compiler/analyze/type.h"
#include "compiler/syntax/ast.h"

namespace nyx::analyze {

struct Operated {
    Type type;
    bool never_fits = false;  // whatever the values are; not of guesses
};

Operated operate(TypeTable& types, ast::BinaryOp op, Type left, Type right);
Operated operate(TypeTable& types, ast::UnaryOp op, Type operand);
std::string_view symbol_of(ast::BinaryOp op);

}  // namespace nyx::analyze
