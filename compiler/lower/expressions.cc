// The expressions: which function writes which, the literals and the operators.
#include "compiler/lower/chains.h"
#include "compiler/lower/lowerer.h"
#include "compiler/syntax/units.h"

namespace nyx::lower {

using diagnostics::Code;
using script::Type;

namespace {

Type type_of(syntax::Dimension dimension) {
    constexpr Type kTypes[] = {Type::kSize, Type::kTime, Type::kRate, Type::kFrequency};
    return kTypes[static_cast<std::size_t>(dimension)];
}

Op op_of(ast::BinaryOp op) {
    constexpr Op kOps[] = {Op::kAdd,       Op::kSubtract,   Op::kMultiply,     Op::kDivide,   Op::kFloorDivide,
                           Op::kModulo,    Op::kPower,      Op::kBitAnd,       Op::kBitOr,    Op::kBitXor,
                           Op::kShiftLeft, Op::kShiftRight, Op::kEqual,        Op::kNotEqual, Op::kLess,
                           Op::kLessEqual, Op::kGreater,    Op::kGreaterEqual, Op::kIn,       Op::kNotIn,
                           Op::kMistake,   Op::kMistake,    Op::kMistake,      Op::kRange};
    return kOps[static_cast<std::size_t>(op)];
}

// What is worth saying about a setting or a condition: everything but what stands there as it is.
bool is_noted(const ast::Expr& node) {
    switch (node.kind) {
        case ast::ExprKind::kNameExpr:
        case ast::ExprKind::kMemberExpr:
        case ast::ExprKind::kCallExpr:
        case ast::ExprKind::kIndexExpr:
        case ast::ExprKind::kSliceExpr:
        case ast::ExprKind::kBinaryExpr:
        case ast::ExprKind::kUnaryExpr:
        case ast::ExprKind::kInterpolatedString:
            return true;
        default:
            return false;
    }
}

bool reckons(ast::BinaryOp op) {
    return op <= ast::BinaryOp::kShiftRight;
}

}  // namespace

void Lowerer::expr(const ast::Expr& node) {
    has_optional(node) ? optional_chain(node) : expr_of_kind(node);
    if (noting_ && is_noted(node)) fn_->emit(Op::kNote, node.span);
}

void Lowerer::expr_of_kind(const ast::Expr& node) {
    switch (node.kind) {
#define NYX_EXPR(kind)           \
    case ast::ExprKind::k##kind: \
        return write(ast::as<ast::kind>(node));
#include "compiler/syntax/ast_kinds.def"
    }
}

void Lowerer::write(const ast::NullLiteral& node) {
    fn_->emit(Op::kNull, node.span);
}

void Lowerer::write(const ast::BoolLiteral& node) {
    fn_->emit(node.value ? Op::kTrue : Op::kFalse, node.span);
}

void Lowerer::write(const ast::IntLiteral& node) {
    constant_int(node.value, node.span);
}

void Lowerer::write(const ast::FloatLiteral& node) {
    fn_->emit(Op::kConst, node.span, tables_.constant(node.value));
}

void Lowerer::write(const ast::StringLiteral& node) {
    fn_->emit(Op::kConst, node.span, tables_.string(node.value));
}

void Lowerer::write(const ast::SuperExpr& node) {
    report(Code::kSelfOutside, node.span, "`super` is only called: `super.method(…)` or `super(…)`");
    no_value(node.span);
}

void Lowerer::write(const ast::FnExpr& node) {
    fn_->emit(Op::kClosure, node.span, function("fn", node.fn, nullptr, node.span));
}

void Lowerer::write(const ast::ErrorExpr& node) {
    no_value(node.span);
}

void Lowerer::constant_int(std::int64_t value, Span span) {
    if (value >= INT32_MIN && value <= INT32_MAX) {
        fn_->emit(Op::kInt, span, static_cast<std::uint32_t>(value));
    } else {
        fn_->emit(Op::kConst, span, tables_.constant(value));
    }
}

void Lowerer::write(const ast::NameExpr& node) {
    if (fn_->is_require) {
        Resolved inner;
        if (resolve_in_functions(*fn_, node.name, inner)) return load(inner, node.name, node.span);
        return symbol_or_field(node.name, node.span);
    }
    Resolved resolved = resolve(node.name);
    bool machine = resolved.kind == Resolved::Kind::kModuleName && resolved.name->kind == ModuleName::Kind::kMachine;
    if (symbolic_ && (resolved.kind == Resolved::Kind::kNothing || machine))
        return symbol_or_field(node.name, node.span);
    if (resolved.kind == Resolved::Kind::kNothing) {
        if (node.name == "log" && handler()) {  // a handler's own; see check_context()
            fn_->emit(Op::kLoadField, node.span, tables_.string("log()"));
            return;
        }
        if (sets_field(node.name)) return symbol_or_field(node.name, node.span);
        unknown_name(node.name, node.span);
    }
    load(resolved, node.name, node.span);
}

void Lowerer::write(const ast::Quantity& node) {
    const syntax::Unit* unit = syntax::find_unit(node.unit.text);
    if (!unit) return no_value(node.span);  // the parser has said that there is no such unit
    if (auto base_units = syntax::base_units(node, *unit)) {
        fn_->emit(Op::kConst, node.span, tables_.constant(*base_units, type_of(unit->dimension)));
        return;
    }
    constexpr std::string_view kBaseUnits[] = {"bytes", "nanoseconds", "bits per second", "hertz"};
    auto& finding = report(Code::kBadQuantity, node.span,
                           fmt::format("this is no whole number of {}, or it is too large",
                                       kBaseUnits[static_cast<std::size_t>(unit->dimension)]));
    if (auto nearest = syntax::nearest_quantity(node, *unit))
        finding.fix(fmt::format("take the nearest, {}", *nearest), diagnostics::Applicability::kMaybeIncorrect,
                    node.span, *nearest);
    no_value(node.span);
}

void Lowerer::write(const ast::UnaryExpr& node) {
    const auto* whole = ast::try_as<ast::IntLiteral>(node.operand.get());
    if (node.op == ast::UnaryOp::kNegate && whole && whole->value != INT64_MIN)
        return constant_int(-whole->value, node.span);
    expr(*node.operand);
    Op op = node.op == ast::UnaryOp::kNegate ? Op::kNegate : node.op == ast::UnaryOp::kNot ? Op::kNot : Op::kBitNot;
    fn_->emit(op, node.span);
}

// In a machine's settings an unknown name is a symbol, `cpu = v3`. There is no reckoning with one.
void Lowerer::operand(const ast::Expr& node, ast::BinaryOp op) {
    const auto* call = ast::try_as<ast::CallExpr>(&node);
    bool named = node.kind == ast::ExprKind::kNameExpr || (call && call->callee->kind == ast::ExprKind::kNameExpr);
    bool symbolic = std::exchange(symbolic_, symbolic_ && !(named && reckons(op)));
    expr(node);
    symbolic_ = symbolic;
}

void Lowerer::write(const ast::BinaryExpr& node) {
    operand(*node.left, node.op);
    switch (node.op) {
        case ast::BinaryOp::kAnd:
        case ast::BinaryOp::kOr:
        case ast::BinaryOp::kCoalesce: {
            Op op = node.op == ast::BinaryOp::kAnd  ? Op::kJumpIfFalseKeep
                    : node.op == ast::BinaryOp::kOr ? Op::kJumpIfTrueKeep
                                                    : Op::kJumpIfNotNullKeep;
            std::size_t done = fn_->emit(op, node.span);
            expr(*node.right);
            fn_->point_here(done);
            break;
        }
        default:
            operand(*node.right, node.op);
            fn_->emit(op_of(node.op), node.span);
    }
}

}  // namespace nyx::lower
