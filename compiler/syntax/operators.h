// Precedence: a flat list of operands and operators to a tree.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "compiler/syntax/ast.h"

namespace nyx::syntax {

// What stands in an expression, in order: prefix operators, operands, binary operators.
struct Item {
    enum class Kind { kOperand, kPrefix, kBinary };
    Kind kind = Kind::kOperand;
    ast::ExprPtr operand;
    ast::UnaryOp prefix{};
    ast::BinaryOp binary{};
    Span span;  // of the operator
};

std::optional<ast::BinaryOp> binary_op(std::string_view text);

// items alternate correctly (the parser saw to it) and hold at least one operand. Recursion is at most items.size()
// deep.
ast::ExprPtr resolve(std::vector<Item>& items);

}  // namespace nyx::syntax
