// What is known of places: a condition that was asked narrows what they can hold, an assignment widens it again.
#include <algorithm>

#include "compiler/device/body.h"

namespace nyx::device {

using ast::BinaryOp;

Range Body::known(const Place& place, Range otherwise) const {
    const auto found = facts_.find(place);
    return found == facts_.end() ? otherwise : meet(otherwise, found->second);
}

void Body::learn_range(const Place& place, Range range) {
    if (place.kind == Place::kNone) return;
    const auto [found, is_new] = facts_.emplace(place, range);
    if (!is_new) found->second = meet(found->second, range);
}

void Body::forget(Place::Kind kind, std::uint32_t index) {
    std::erase_if(facts_, [&](const auto& fact) { return fact.first.kind == kind && fact.first.index == index; });
}

// All that a loop's body, or a function, might change.
void Body::forget_mutable() {
    std::erase_if(facts_, [&](const auto& fact) {
        return fact.first.kind != Place::kLocal || !unchanging_.contains(fact.first.index);
    });
}

Body::Facts Body::both(const Facts& a, const Facts& b) {
    Facts result;
    for (const auto& [place, range] : a) {
        if (const auto other = b.find(place); other != b.end()) result.emplace(place, hull(range, other->second));
    }
    return result;
}

Value Body::seen(const ast::Expr& expr) const {
    const auto found = seen_.find(&expr);
    return found == seen_.end() ? Value::error() : found->second;
}

void Body::learn(const ast::Expr& condition, bool holds) {
    if (const auto* tuple = ast::try_as<ast::TupleExpr>(&condition)) {
        if (tuple->elements.size() == 1) learn(*tuple->elements[0], holds);
        return;
    }
    if (const auto* unary = ast::try_as<ast::UnaryExpr>(&condition)) {
        if (unary->op == ast::UnaryOp::kNot) learn(*unary->operand, !holds);
        return;
    }
    if (const auto* named = ast::try_as<ast::NameExpr>(&condition)) {
        const Symbol* symbol = find_local(named->name) == nullptr ? device_.find(named->name) : nullptr;
        if (symbol != nullptr && symbol->kind == SymbolKind::kDerive)
            return learn(*device_.derives[symbol->index].node->value, holds);
    }
    const auto* binary = ast::try_as<ast::BinaryExpr>(&condition);
    if (binary == nullptr) return learn_range(seen(condition).place, Range::of(holds ? 1 : 0));
    if (binary->op == BinaryOp::kAnd && holds) {
        learn(*binary->left, true);
        learn(*binary->right, true);
    } else if (binary->op == BinaryOp::kOr && !holds) {
        learn(*binary->left, false);
        learn(*binary->right, false);
    } else {
        learn_comparison(*binary, holds);
    }
}

namespace {

BinaryOp opposite(BinaryOp op) {
    switch (op) {
        case BinaryOp::kEqual:
            return BinaryOp::kNotEqual;
        case BinaryOp::kNotEqual:
            return BinaryOp::kEqual;
        case BinaryOp::kLess:
            return BinaryOp::kGreaterEqual;
        case BinaryOp::kLessEqual:
            return BinaryOp::kGreater;
        case BinaryOp::kGreater:
            return BinaryOp::kLessEqual;
        case BinaryOp::kGreaterEqual:
            return BinaryOp::kLess;
        default:
            return op;
    }
}

BinaryOp mirrored(BinaryOp op) {
    switch (op) {
        case BinaryOp::kLess:
            return BinaryOp::kGreater;
        case BinaryOp::kLessEqual:
            return BinaryOp::kGreaterEqual;
        case BinaryOp::kGreater:
            return BinaryOp::kLess;
        case BinaryOp::kGreaterEqual:
            return BinaryOp::kLessEqual;
        default:
            return op;
    }
}

// Of x where `x op other` holds.
Range narrowed(BinaryOp op, Range x, Range other) {
    constexpr std::uint64_t kMost = ~std::uint64_t{0};
    switch (op) {
        case BinaryOp::kEqual:
            return meet(x, other);
        case BinaryOp::kNotEqual:
            if (!other.is_one()) return x;
            if (other.low == x.low && x.low != kMost) return {x.low + 1, std::max(x.high, x.low + 1)};
            if (other.low == x.high && x.high != 0) return {std::min(x.low, x.high - 1), x.high - 1};
            return x;
        case BinaryOp::kLess:
            return other.high == 0 ? x : meet(x, {0, other.high - 1});
        case BinaryOp::kLessEqual:
            return meet(x, {0, other.high});
        case BinaryOp::kGreater:
            return other.low == kMost ? x : meet(x, {other.low + 1, kMost});
        case BinaryOp::kGreaterEqual:
            return meet(x, {other.low, kMost});
        default:
            return x;
    }
}

}  // namespace

void Body::learn_comparison(const ast::BinaryExpr& node, bool holds) {
    if (node.op < BinaryOp::kEqual || node.op > BinaryOp::kGreaterEqual) return;
    const BinaryOp op = holds ? node.op : opposite(node.op);
    const Value left = seen(*node.left), right = seen(*node.right);
    if (left.type.is_error() || right.type.is_error()) return;
    learn_range(left.place, narrowed(op, left.range, right.range));
    learn_range(right.place, narrowed(mirrored(op), right.range, left.range));
}

}  // namespace nyx::device
