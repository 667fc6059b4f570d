#include <fmt/format.h>

#include "compiler/device/body.h"

namespace nyx::device {

using ast::BinaryOp;
using dev::ir::Op;
using diagnostics::Code;

Value Body::condition(const ast::Expr& expr) {
    Value value = expression(expr);
    if (value.type.is_error() || value.type.base == TypeBase::kBool) return value;
    if (value.type.base == TypeBase::kInt && value.type.bits == 1) {
        value.type = Type::boolean();
        return value;
    }
    auto& finding =
        report(Code::kDeviceType, expr.span, fmt::format("a condition is a bool, not {}", text_of(value.type)));
    if (value.type.is_number()) finding.help("compare it: `… != 0`");
    return Value::error();
}

Value Body::negated(const Value& value) {
    Value made = operation(Op::kEqual, value, Value::of(Type::boolean(), 0), 1);
    return made;
}

Value Body::unary(const ast::UnaryExpr& node) {
    if (node.op == ast::UnaryOp::kNot) {
        const Value value = condition(*node.operand);
        return value.type.is_error() ? value : negated(value);
    }
    const Value value = expression(*node.operand);
    if (value.type.is_error()) return value;
    if (!value.type.is_number())
        return mistake(Code::kDeviceType, node.span, fmt::format("this needs a number, not {}", text_of(value.type)));
    if (value.type.base == TypeBase::kLiteral) {
        report(Code::kDeviceType, node.span, "this number has no width yet, so what it becomes is not known")
            .help("give it one: `~u8(1)`");
        return Value::error();
    }
    if (node.op == ast::UnaryOp::kBitNot) return operation(Op::kNot, value, value, value.type.bits);
    return operation(Op::kSubtract, Value::of(value.type, 0), value, value.type.bits);
}

// One type for both sides; a number without a width takes the other's.
bool Body::unify(Value& a, Value& b, Span where) {
    if (a.type.is_error() || b.type.is_error()) return false;
    if (a.type == b.type) return true;
    const auto take = [&](Value& literal, const Value& other) {
        if (literal.type.base != TypeBase::kLiteral || other.type.base != TypeBase::kInt) return false;
        literal = converted(literal, other.type, where);
        return true;
    };
    if (take(a, b) || take(b, a)) return !a.type.is_error() && !b.type.is_error();
    auto& finding =
        report(Code::kDeviceType, where, fmt::format("the sides are {} and {}", text_of(a.type), text_of(b.type)));
    if (a.type.base == TypeBase::kInt && b.type.base == TypeBase::kInt) {
        const Type wider = a.type.bits > b.type.bits ? a.type : b.type;
        finding.help(fmt::format("convert one of them: `{}(…)`", text_of(wider)));
    }
    return false;
}

namespace {

std::optional<Op> plain_op(BinaryOp op) {
    switch (op) {
        case BinaryOp::kAdd:
            return Op::kAdd;
        case BinaryOp::kSubtract:
            return Op::kSubtract;
        case BinaryOp::kMultiply:
            return Op::kMultiply;
        case BinaryOp::kBitAnd:
            return Op::kAnd;
        case BinaryOp::kBitOr:
            return Op::kOr;
        case BinaryOp::kBitXor:
            return Op::kXor;
        default:
            return std::nullopt;
    }
}

bool is_comparison(BinaryOp op) {
    return op >= BinaryOp::kEqual && op <= BinaryOp::kGreaterEqual;
}

}  // namespace

// `a & b == 0` is `a & (b == 0)`, and so is `0 == a & b`: it is said, where the types show that it was not meant.
bool Body::is_loose(const ast::BinaryExpr& node, const Value& a, const Value& b) {
    const bool is_bitwise = node.op == BinaryOp::kBitAnd || node.op == BinaryOp::kBitOr || node.op == BinaryOp::kBitXor;
    const bool is_left = a.type.base == TypeBase::kBool && b.type.is_number();
    const bool is_right = b.type.base == TypeBase::kBool && a.type.is_number();
    const auto* compared = ast::try_as<ast::BinaryExpr>(is_left ? node.left.get() : node.right.get());
    if (!is_bitwise || (!is_left && !is_right) || compared == nullptr || !is_comparison(compared->op)) return false;
    const Span meant = is_left ? Span{node.span.file, compared->right->span.begin, node.right->span.end}
                               : Span{node.span.file, node.left->span.begin, compared->left->span.end};
    const std::string bitwise = device_.source_text(node.op_span), comparing = device_.source_text(compared->op_span);
    report(Code::kDeviceType, node.span, fmt::format("`{}` binds more tightly than `{}`", comparing, bitwise))
        .label(compared->span, "this is compared first, and gives a bool")
        .fix({fmt::format("take `{}` first", bitwise),
              diagnostics::Applicability::kMaybeIncorrect,
              {{{meant.file, meant.begin, meant.begin}, "("}, {{meant.file, meant.end, meant.end}, ")"}}});
    return true;
}

Value Body::binary(const ast::BinaryExpr& node) {
    if (node.op == BinaryOp::kAnd || node.op == BinaryOp::kOr) return logical(node);
    Value a = expression(*node.left), b = expression(*node.right);
    if (a.type.is_error() || b.type.is_error()) return Value::error();
    if (node.op == BinaryOp::kShiftLeft || node.op == BinaryOp::kShiftRight) return shift(node, a, b);
    if (is_loose(node, a, b) || !unify(a, b, node.span)) return Value::error();
    if (is_comparison(node.op)) return comparison(node, a, b);
    const bool is_bitwise = node.op == BinaryOp::kBitAnd || node.op == BinaryOp::kBitOr || node.op == BinaryOp::kBitXor;
    if (!a.type.is_number() && !(is_bitwise && a.type.base == TypeBase::kBool))
        return mistake(Code::kDeviceType, node.span, fmt::format("this needs numbers, not {}", text_of(a.type)));
    if (node.op == BinaryOp::kDivide || node.op == BinaryOp::kFloorDivide || node.op == BinaryOp::kModulo)
        return division(node, a, b);
    const auto op = plain_op(node.op);
    if (!op) return mistake(Code::kNotTotal, node.op_span, "device code has no such operator");
    Value made = operation(*op, a, b, a.type.bits);
    made.type = a.type;
    return made;
}

// The right side is looked at only where the left leaves the result open.
Value Body::logical(const ast::BinaryExpr& node) {
    const bool is_and = node.op == BinaryOp::kAnd;
    const std::uint16_t result = builder_.temporary();
    const Value a = condition(*node.left);
    if (a.type.is_error()) {
        condition(*node.right);
        return a;
    }
    if (a.constant && (*a.constant != 0) != is_and) {
        condition(*node.right);
        return a;
    }
    builder_.emit({Op::kCopy, 1, result, in_temporary(a)});
    const std::uint16_t goes_on = is_and ? result : in_temporary(negated(a));
    const std::size_t jump = builder_.emit({Op::kJumpIfNot, 64, 0, goes_on});
    const Facts before = facts_;
    learn(*node.left, is_and);
    const Value b = condition(*node.right);
    if (b.type.is_error()) return b;
    builder_.emit({Op::kCopy, 1, result, in_temporary(b)});
    builder_.point_here(jump);
    facts_ = both(before, facts_);
    return {Type::boolean(), {0, 1}, std::nullopt, result, {}};
}

Value Body::comparison(const ast::BinaryExpr& node, const Value& a, const Value& b) {
    const bool is_order = node.op != BinaryOp::kEqual && node.op != BinaryOp::kNotEqual;
    if (is_order && !a.type.is_number())
        return mistake(Code::kDeviceType, node.span, fmt::format("{} has no order", text_of(a.type)));
    switch (node.op) {
        case BinaryOp::kEqual:
            return operation(Op::kEqual, a, b, 64);
        case BinaryOp::kNotEqual:
            return negated(operation(Op::kEqual, a, b, 64));
        case BinaryOp::kLess:
            return operation(Op::kLess, a, b, 64);
        case BinaryOp::kGreater:
            return operation(Op::kLess, b, a, 64);
        case BinaryOp::kLessEqual:
            return negated(operation(Op::kLess, b, a, 64));
        default:
            return negated(operation(Op::kLess, a, b, 64));
    }
}

Value Body::shift(const ast::BinaryExpr& node, const Value& a, const Value& b) {
    if (!a.type.is_number() || !b.type.is_number())
        return mistake(Code::kDeviceType, node.span, "a shift takes two numbers");
    if (a.type.base == TypeBase::kLiteral && !b.constant) {
        report(Code::kDeviceType, node.left->span, "this number has no width, so what is shifted out is not known")
            .help("give it one: `u8(1) << n`");
        return Value::error();
    }
    if (b.range.high >= a.type.bits) {
        report(Code::kDeviceRange, node.right->span,
               fmt::format("{} has {} bits, and the shift may be by {}", text_of(a.type), a.type.bits,
                           std::max<std::uint64_t>(b.range.low, a.type.bits)),
               b.range.is_one() ? "" : fmt::format("this can be {}", text_of(b.range)))
            .help("compare it first, or take fewer of its bits: `n[2..0]`");
        return Value::error();
    }
    Value made = operation(node.op == BinaryOp::kShiftLeft ? Op::kShiftLeft : Op::kShiftRight, a, b, a.type.bits);
    made.type = a.type;
    return made;
}

Value Body::division(const ast::BinaryExpr& node, const Value& a, const Value& b) {
    if (b.range.low == 0) {
        report(Code::kDeviceRange, node.right->span, "this may divide by 0",
               b.range.is_one() ? "" : fmt::format("this can be {}", text_of(b.range)))
            .help("compare it first: `if n != 0 { … }`");
        return Value::error();
    }
    Value made = operation(node.op == BinaryOp::kModulo ? Op::kRemainder : Op::kDivide, a, b, a.type.bits);
    made.type = a.type;
    return made;
}

Value Body::converted(Value value, Type type, Span where) {
    if (value.type.is_error() || type.is_error()) return Value::error();
    if (value.type == type) return value;
    const bool is_bit = type.base == TypeBase::kBool && value.type.base == TypeBase::kInt && value.type.bits == 1;
    const bool from_bool = value.type.base == TypeBase::kBool && type.base == TypeBase::kInt && type.bits == 1;
    if (is_bit || from_bool) {
        value.type = type;
        return value;
    }
    if (value.type.is_number() && type.base == TypeBase::kInt) {
        if (value.range.high <= dev::ir::low_bits(type.bits)) {
            value.type = type;
            return value;
        }
        const std::string can = value.constant ? fmt::to_string(*value.constant) : text_of(value.range);
        auto& finding = report(value.constant ? Code::kDeviceRange : Code::kDeviceType, where,
                               value.constant ? fmt::format("{} does not fit {}", can, text_of(type))
                                              : fmt::format("{} may not fit {}", text_of(value.type), text_of(type)),
                               value.constant ? "" : fmt::format("this can be {}", can));
        finding.help(fmt::format("`{}(…)` keeps its low bits", text_of(type)));
        return Value::error();
    }
    auto& finding =
        report(Code::kDeviceType, where, fmt::format("expected {}, found {}", text_of(type), text_of(value.type)));
    if (type.base == TypeBase::kBool) finding.help("compare it: `… != 0`");
    return Value::error();
}

std::string text_of(const Type& type) {
    switch (type.base) {
        case TypeBase::kError:
            return "a mistake";
        case TypeBase::kNothing:
            return "nothing";
        case TypeBase::kBool:
            return "bool";
        case TypeBase::kLiteral:
            return "a number";
        case TypeBase::kEnum:
            return type.of->name;
        case TypeBase::kInt:
            break;
    }
    return fmt::format("u{}", type.bits);
}

}  // namespace nyx::device
