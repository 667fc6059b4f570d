// `if` and `match`: what each way through them knows, and what is known behind them.
#include "compiler/device/body.h"

namespace nyx::device {

using dev::ir::Op;
using diagnostics::Code;

bool Body::if_statement(const ast::IfStmt& node) {
    const Value value = condition(*node.condition);
    const Facts before = facts_;
    const std::size_t skip = builder_.emit({Op::kJumpIfNot, 64, 0, in_temporary(value)});
    learn(*node.condition, true);
    const bool then_ends = block(node.then_body);
    const Facts after_then = std::exchange(facts_, before);
    learn(*node.condition, false);
    bool else_ends = false;
    if (node.else_body.empty()) {
        builder_.point_here(skip);
    } else {
        const std::size_t over = builder_.emit({Op::kJump});
        builder_.point_here(skip);
        else_ends = block(node.else_body);
        builder_.point_here(over);
    }
    if (then_ends) return else_ends;
    facts_ = else_ends ? after_then : both(after_then, facts_);
    return false;
}

bool Body::match_statement(const ast::MatchStmt& node) {
    const Value subject = expression(*node.subject);
    std::vector<std::size_t> to_end;
    std::optional<Facts> after;
    bool always_ends = true, has_rest = false;
    const Facts before = facts_;
    for (const ast::MatchArm& arm : node.arms) {
        const std::optional<Value> meant = arm_condition(subject, arm);
        has_rest |= !meant;
        std::optional<std::size_t> skip;
        if (meant) skip = builder_.emit({Op::kJumpIfNot, 64, 0, in_temporary(*meant)});
        facts_ = before;
        const bool ends = block(arm.body);
        if (!ends) after = after ? both(*after, facts_) : facts_;
        always_ends &= ends;
        to_end.push_back(builder_.emit({Op::kJump}));
        if (skip) builder_.point_here(*skip);
    }
    for (const std::size_t jump : to_end) builder_.point_here(jump);
    facts_ = after && has_rest ? *after : before;
    if (!has_rest) facts_.clear();
    return always_ends && has_rest;
}

// Whether the arm is meant; nothing: it always is.
std::optional<Value> Body::arm_condition(const Value& subject, const ast::MatchArm& arm) {
    std::optional<Value> meant;
    for (const ast::ExprPtr& one : arm.patterns) {
        const Value hit = pattern(subject, *one);
        meant = meant ? operation(Op::kOr, *meant, hit, 1) : hit;
    }
    if (arm.guard == nullptr) return meant;
    const Value guard = condition(*arm.guard);
    return meant ? operation(Op::kAnd, *meant, guard, 1) : guard;
}

// Whether the subject is this constant, or in these: `1`, `Mode.busy`, `3..5`.
Value Body::pattern(const Value& subject, const ast::Expr& expr) {
    const auto* range = ast::try_as<ast::BinaryExpr>(&expr);
    if (range != nullptr && range->op == ast::BinaryOp::kRange) {
        const Value low = expression_as(*range->left, subject.type), high = expression_as(*range->right, subject.type);
        const Value above = negated(operation(Op::kLess, subject, low, 64));
        return operation(Op::kAnd, above, operation(Op::kLess, subject, high, 64), 1);
    }
    const Value value = expression_as(expr, subject.type);
    if (!value.type.is_error() && !value.constant)
        report(Code::kNotTotal, expr.span, "`match` compares with constants").help("write `if` for other comparisons");
    return operation(Op::kEqual, subject, value, 64);
}

}  // namespace nyx::device
