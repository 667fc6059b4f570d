#include "compiler/analyze/operators.h"

#include <optional>

namespace nyx::analyze {

namespace {

using ast::BinaryOp;

// The types that a value of this type may have when the program runs; one entry that is unknown where anything may be.
std::vector<Type> alternatives(const TypeTable& types, Type type) {
    switch (types.kind(type)) {
        case TypeKind::kNumber:
            return {types.basic(TypeKind::kInt), types.basic(TypeKind::kFloat)};
        case TypeKind::kNullable: {
            std::vector<Type> all = alternatives(types, types.data(type).parts[0]);
            all.emplace_back();  // a check for null is often elsewhere
            return all;
        }
        case TypeKind::kNull:
            return {Type()};
        default:
            return {type.as_certain()};
    }
}

bool is_arithmetic(BinaryOp op) {
    return op <= BinaryOp::kPower;
}

class Operation {
  public:
    Operation(TypeTable& types, BinaryOp op) : types_(types), op_(op) {}

    // Of two types that are each one at run time; nothing where they never fit.
    std::optional<Type> of(Type a, Type b) {
        TypeKind left = types_.kind(a);
        TypeKind right = types_.kind(b);
        if (op_ == BinaryOp::kAdd && (left == TypeKind::kString || right == TypeKind::kString))
            return types_.basic(TypeKind::kString);
        if (op_ == BinaryOp::kIn || op_ == BinaryOp::kNotIn) return membership(left, right);
        if (left == TypeKind::kUnknown || right == TypeKind::kUnknown) return comparison() ? truth() : Type();
        if (op_ >= BinaryOp::kLess && op_ <= BinaryOp::kGreaterEqual) return order(left, right);
        bool whole = left == TypeKind::kInt && right == TypeKind::kInt;
        if (whole) return of_ints();
        if (is_number(left) && is_number(right)) {
            if (is_arithmetic(op_)) return types_.basic(TypeKind::kFloat);
            return std::nullopt;
        }
        if (types_.is_quantity(a) || types_.is_quantity(b)) return of_quantities(a, b);
        return of_objects(a, b);
    }

  private:
    static bool is_number(TypeKind kind) { return kind == TypeKind::kInt || kind == TypeKind::kFloat; }
    bool comparison() const { return op_ >= BinaryOp::kEqual && op_ <= BinaryOp::kNotIn; }
    Type truth() const { return types_.basic(TypeKind::kBool); }

    std::optional<Type> of_ints() const {
        if (op_ == BinaryOp::kDivide || op_ == BinaryOp::kPower) return types_.basic(TypeKind::kNumber);
        if (op_ == BinaryOp::kRange) return types_.basic(TypeKind::kRange);
        return types_.basic(TypeKind::kInt);
    }

    std::optional<Type> membership(TypeKind item, TypeKind container) const {
        switch (container) {
            case TypeKind::kUnknown:
            case TypeKind::kArray:
            case TypeKind::kTuple:
            case TypeKind::kMap:
            case TypeKind::kRange:
                return truth();
            case TypeKind::kString:
                if (item == TypeKind::kString || item == TypeKind::kUnknown) return truth();
                return std::nullopt;
            default:
                return std::nullopt;
        }
    }

    std::optional<Type> order(TypeKind left, TypeKind right) const {
        if (is_number(left) && is_number(right)) return truth();
        bool ordered = (left >= TypeKind::kSize && left <= TypeKind::kFrequency) || left == TypeKind::kString ||
                       left == TypeKind::kArray || left == TypeKind::kTuple;
        return left == right && ordered ? std::optional(truth()) : std::nullopt;
    }

    std::optional<Type> of_quantities(Type a, Type b) const {
        bool same = a.index() == b.index();
        bool ratio = op_ == BinaryOp::kDivide || op_ == BinaryOp::kFloorDivide;
        if (same && (op_ == BinaryOp::kAdd || op_ == BinaryOp::kSubtract || op_ == BinaryOp::kModulo)) return a;
        if (same && op_ == BinaryOp::kFloorDivide) return types_.basic(TypeKind::kInt);
        if (same && ratio) return types_.basic(TypeKind::kNumber);
        if (is_number(types_.kind(b)) && (op_ == BinaryOp::kMultiply || ratio)) return a;
        if (is_number(types_.kind(a)) && op_ == BinaryOp::kMultiply) return b;
        return std::nullopt;
    }

    std::optional<Type> of_objects(Type a, Type b) {
        TypeKind left = types_.kind(a);
        TypeKind right = types_.kind(b);
        bool same = left == right;
        if (op_ == BinaryOp::kAdd && same && left == TypeKind::kArray) return types_.join(a, b);
        if (op_ == BinaryOp::kAdd && same && left == TypeKind::kTuple) return Type();
        bool maps = same && left == TypeKind::kMap;
        if (maps && (op_ == BinaryOp::kBitOr || op_ == BinaryOp::kSubtract)) return types_.join(a, b);
        bool repeated = left == TypeKind::kString || left == TypeKind::kArray;
        if (op_ == BinaryOp::kMultiply && repeated && right == TypeKind::kInt) return a;
        return std::nullopt;
    }

    TypeTable& types_;
    BinaryOp op_;
};

}  // namespace

Operated operate(TypeTable& types, BinaryOp op, Type left, Type right) {
    bool guess = left.is_guess() || right.is_guess();
    if (op == BinaryOp::kEqual || op == BinaryOp::kNotEqual) return {types.basic(TypeKind::kBool), false};
    if (types.is_nothing(left) || types.is_nothing(right)) return {types.basic(TypeKind::kNothing), false};
    Type joined = types.basic(TypeKind::kNothing);
    for (Type a : alternatives(types, left)) {
        for (Type b : alternatives(types, right)) {
            if (auto one = Operation(types, op).of(a, b)) joined = types.join(joined, *one);
        }
    }
    if (types.is_nothing(joined)) return {Type(), !guess};
    bool certain = op >= BinaryOp::kEqual && op <= BinaryOp::kNotIn;
    return {guess && !certain ? joined.as_guess() : joined, false};
}

Operated operate(TypeTable& types, ast::UnaryOp op, Type operand) {
    if (op == ast::UnaryOp::kNot) return {types.basic(TypeKind::kBool), false};
    Type inner = types.without_null(operand);
    TypeKind kind = types.kind(inner);
    if (kind == TypeKind::kUnknown || kind == TypeKind::kNull) return {};
    if (kind == TypeKind::kNothing) return {inner, false};
    bool number = kind == TypeKind::kInt || kind == TypeKind::kNumber;
    if (op == ast::UnaryOp::kBitNot && number) return {types.basic(TypeKind::kInt).like(inner), false};
    if (op == ast::UnaryOp::kNegate && kind == TypeKind::kInt) return {types.basic(TypeKind::kInt).like(inner), false};
    if (op == ast::UnaryOp::kNegate && (number || kind == TypeKind::kFloat || types.is_quantity(inner)))
        return {inner, false};
    return {Type(), !inner.is_guess()};
}

std::string_view symbol_of(BinaryOp op) {
    constexpr std::string_view kSymbols[] = {
        "+",  "-",  "*", "/",  "//", "%",  "**", "&",      "|",   "^",  "<<", ">>",
        "==", "!=", "<", "<=", ">",  ">=", "in", "not in", "and", "or", "??", ".."};
    return kSymbols[static_cast<std::size_t>(op)];
}

}  // namespace nyx::analyze
