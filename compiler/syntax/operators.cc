#include "compiler/syntax/operators.h"

#include <algorithm>

#include "runtime/base/check.h"

namespace nyx::syntax {

namespace {

using ast::BinaryOp;

struct Operator {
    std::string_view text;
    BinaryOp op;
    int level;  // higher binds tighter
};

constexpr int kPrefixLevel = 14;
constexpr int kPowerLevel = 15;

// Loosest first, as docs/language.md lists them.
constexpr Operator kOperators[] = {
    {"??", BinaryOp::kCoalesce, 1},     {"||", BinaryOp::kOr, 2},
    {"or", BinaryOp::kOr, 2},           {"&&", BinaryOp::kAnd, 3},
    {"and", BinaryOp::kAnd, 3},         {"|", BinaryOp::kBitOr, 4},
    {"^", BinaryOp::kBitXor, 5},        {"&", BinaryOp::kBitAnd, 6},
    {"==", BinaryOp::kEqual, 7},        {"!=", BinaryOp::kNotEqual, 7},
    {"<", BinaryOp::kLess, 8},          {"<=", BinaryOp::kLessEqual, 8},
    {">", BinaryOp::kGreater, 8},       {">=", BinaryOp::kGreaterEqual, 8},
    {"in", BinaryOp::kIn, 9},           {"not in", BinaryOp::kNotIn, 9},
    {"<<", BinaryOp::kShiftLeft, 10},   {">>", BinaryOp::kShiftRight, 10},
    {"..", BinaryOp::kRange, 11},       {"+", BinaryOp::kAdd, 12},
    {"-", BinaryOp::kSubtract, 12},     {"*", BinaryOp::kMultiply, 13},
    {"/", BinaryOp::kDivide, 13},       {"%", BinaryOp::kModulo, 13},
    {"//", BinaryOp::kFloorDivide, 13}, {"**", BinaryOp::kPower, kPowerLevel},
};

int level_of(BinaryOp op) {
    const auto* found =
        std::find_if(std::begin(kOperators), std::end(kOperators), [&](const Operator& o) { return o.op == op; });
    NYX_CHECK(found != std::end(kOperators));
    return found->level;
}

// Precedence climbing.
class Climber {
  public:
    explicit Climber(std::vector<Item>& items) : items_(items) {}

    ast::ExprPtr climb(int lowest) {
        ast::ExprPtr left = prefixed();
        while (at_ < items_.size() && level_of(items_[at_].binary) >= lowest) {
            const Item& item = items_[at_++];
            int level = level_of(item.binary);
            ast::ExprPtr right = climb(item.binary == BinaryOp::kPower ? level : level + 1);
            left = join(item, std::move(left), std::move(right));
        }
        return left;
    }

  private:
    ast::ExprPtr prefixed() {
        NYX_CHECK(at_ < items_.size());
        Item& item = items_[at_++];
        if (item.kind == Item::Kind::kOperand) return std::move(item.operand);
        ast::ExprPtr operand = climb(kPrefixLevel);
        auto node = std::make_unique<ast::UnaryExpr>(nyx::join(item.span, operand->span));
        node->op = item.prefix;
        node->operand = std::move(operand);
        return node;
    }

    static ast::ExprPtr join(const Item& item, ast::ExprPtr left, ast::ExprPtr right) {
        auto node = std::make_unique<ast::BinaryExpr>(nyx::join(left->span, right->span));
        node->op = item.binary;
        node->op_span = item.span;
        node->left = std::move(left);
        node->right = std::move(right);
        return node;
    }

    std::vector<Item>& items_;
    std::size_t at_ = 0;
};

}  // namespace

std::optional<BinaryOp> binary_op(std::string_view text) {
    const auto* found =
        std::find_if(std::begin(kOperators), std::end(kOperators), [&](const Operator& o) { return o.text == text; });
    return found == std::end(kOperators) ? std::nullopt : std::optional(found->op);
}

ast::ExprPtr resolve(std::vector<Item>& items) {
    return Climber(items).climb(0);
}

}  // namespace nyx::syntax
