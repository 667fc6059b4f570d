#include <map>

#include "compiler/analyze/operators.h"
#include "compiler/analyze/typer.h"
#include "compiler/syntax/units.h"

namespace nyx::analyze {

Type Typer::expr(const ast::Expr& node) {
    Type type = expr_of_kind(node);
    record(node.span, types_.is_nothing(type) ? Type() : type);
    return type;
}

Type Typer::expr_of_kind(const ast::Expr& node) {
    switch (node.kind) {
        case ast::ExprKind::kNullLiteral:
            return types_.basic(TypeKind::kNull);
        case ast::ExprKind::kBoolLiteral:
            return types_.basic(TypeKind::kBool);
        case ast::ExprKind::kIntLiteral:
            return types_.basic(TypeKind::kInt);
        case ast::ExprKind::kFloatLiteral:
            return types_.basic(TypeKind::kFloat);
        case ast::ExprKind::kQuantity:
            return quantity(ast::as<ast::Quantity>(node));
        case ast::ExprKind::kStringLiteral:
            return types_.basic(TypeKind::kString);
        case ast::ExprKind::kInterpolatedString:
            for (const ast::ExprPtr& value : ast::as<ast::InterpolatedString>(node).values) expr(*value);
            return types_.basic(TypeKind::kString);
        case ast::ExprKind::kNameExpr:
            return name(ast::as<ast::NameExpr>(node));
        case ast::ExprKind::kArrayExpr:
            return list(ast::as<ast::ArrayExpr>(node));
        case ast::ExprKind::kTupleExpr: {
            std::vector<Type> parts;
            for (const ast::ExprPtr& element : ast::as<ast::TupleExpr>(node).elements) parts.push_back(expr(*element));
            return types_.tuple(std::move(parts));
        }
        case ast::ExprKind::kMapExpr:
            return map(ast::as<ast::MapExpr>(node));
        case ast::ExprKind::kComprehension:
            return comprehension(ast::as<ast::Comprehension>(node));
        case ast::ExprKind::kUnaryExpr:
            return unary(ast::as<ast::UnaryExpr>(node));
        case ast::ExprKind::kBinaryExpr:
            return binary(ast::as<ast::BinaryExpr>(node));
        case ast::ExprKind::kCallExpr:
            return call(ast::as<ast::CallExpr>(node));
        case ast::ExprKind::kIndexExpr:
            return index(ast::as<ast::IndexExpr>(node));
        case ast::ExprKind::kSliceExpr:
            return slice(ast::as<ast::SliceExpr>(node));
        case ast::ExprKind::kMemberExpr:
            return member(ast::as<ast::MemberExpr>(node), false, ast::as<ast::MemberExpr>(node).member.span);
        case ast::ExprKind::kStepExpr:
            return step(ast::as<ast::StepExpr>(node));
        case ast::ExprKind::kFnExpr:
            return types_.function(data_.bound_to(&node));
        case ast::ExprKind::kSuperExpr:
        case ast::ExprKind::kErrorExpr:
            return {};
    }
    return {};
}

Type Typer::name(const ast::NameExpr& node) {
    SymbolId symbol = data_.bound_to(&node);
    if (symbol == kNoSymbol) return {};
    const Symbol& known = data_.symbols[symbol];
    switch (known.kind) {
        case SymbolKind::kField:
            return field_type(symbol);
        case SymbolKind::kSchema:
        case SymbolKind::kSchemaField:
        case SymbolKind::kDevice:
            return {};
        default:
            return read(symbol);
    }
}

Type Typer::quantity(const ast::Quantity& node) {
    constexpr TypeKind kKinds[] = {TypeKind::kSize, TypeKind::kTime, TypeKind::kRate, TypeKind::kFrequency};
    const syntax::Unit* unit = syntax::find_unit(node.unit.text);
    return unit ? types_.basic(kKinds[static_cast<std::size_t>(unit->dimension)]) : Type();
}

Type Typer::list(const ast::ArrayExpr& node) {
    Type element = types_.basic(TypeKind::kNothing);
    for (const ast::ExprPtr& one : node.elements) element = types_.join(element, expr(*one));
    return types_.array(element);
}

Type Typer::map(const ast::MapExpr& node) {
    Type key = types_.basic(TypeKind::kNothing);
    Type value = key;
    std::map<std::string, std::size_t> seen;  // index of the entry
    for (const ast::MapEntry& entry : node.entries) {
        key = types_.join(key, expr(*entry.key));
        value = types_.join(value, expr(*entry.value));
        if (!checking_) continue;
        const auto* text = ast::try_as<ast::StringLiteral>(entry.key.get());
        const auto* number = ast::try_as<ast::IntLiteral>(entry.key.get());
        if (!text && !number) continue;
        std::string written = text ? "\"" + text->value + "\"" : std::to_string(number->value);
        auto [found, added] = seen.emplace(written, static_cast<std::size_t>(&entry - node.entries.data()));
        if (added) continue;
        Span first = node.entries[found->second].key->span;
        Span whole{first.file, first.begin, node.entries[found->second + 1].key->span.begin};
        say_.duplicate_key(entry.key->span, first, written, whole);
    }
    return types_.map(key, value);
}

Type Typer::comprehension(const ast::Comprehension& node) {
    bind_loop(node.names, *node.iterable, expr(*node.iterable));
    if (node.condition) expr(*node.condition);
    return types_.array(expr(*node.element));
}

Type Typer::unary(const ast::UnaryExpr& node) {
    Type operand = expr(*node.operand);
    Operated result = operate(types_, node.op, operand);
    if (result.never_fits && checking_)
        say_.operand(node.op == ast::UnaryOp::kNegate ? "-" : "~", node.operand->span, operand, node.span);
    return result.never_fits ? failed() : result.type;
}

Type Typer::binary(const ast::BinaryExpr& node) {
    Type left = expr(*node.left);
    Type right = expr(*node.right);
    switch (node.op) {
        case ast::BinaryOp::kAnd:
        case ast::BinaryOp::kOr:
            return types_.join(left, right);
        case ast::BinaryOp::kCoalesce: {
            if (types_.kind(left) == TypeKind::kNull) return right;
            return types_.join(types_.without_null(left), right);
        }
        default:
            return operation(node.op, *node.left, left, *node.right, right, node.op_span, node.span);
    }
}

bool Typer::is_builtin(const ast::Expr& node) const {
    SymbolId symbol = node.kind == ast::ExprKind::kNameExpr ? data_.bound_to(&node) : kNoSymbol;
    return symbol != kNoSymbol && data_.symbols[symbol].kind == SymbolKind::kBuiltin;
}

Type Typer::operation(ast::BinaryOp op, const ast::Expr& left, Type a, const ast::Expr& right, Type b, Span op_span,
                      Span whole) {
    // A built-in that is not called: perhaps the name of something else was meant, which is not known here.
    if (is_builtin(left)) a = {};
    if (is_builtin(right)) b = {};
    Operated result = operate(types_, op, a, b);
    if (result.never_fits && checking_) say_.operands(symbol_of(op), op_span, left.span, a, right.span, b, whole);
    if (result.never_fits) return failed();
    // `2 ** 10` is a whole number.
    const auto* exponent = ast::try_as<ast::IntLiteral>(&right);
    bool whole_power = op == ast::BinaryOp::kPower && exponent && types_.kind(a) == TypeKind::kInt;
    return whole_power ? types_.basic(TypeKind::kInt).like(a) : result.type;
}

// ---- Elements -------------------------------------------------------------------------------------------------------

Type Typer::index(const ast::IndexExpr& node) {
    Type object = expr(*node.object);
    Type place = expr(*node.index);
    Type inner = types_.without_null(object);
    const TypeData& data = types_.data(inner);
    if (types_.kind(place) == TypeKind::kRange && data.kind != TypeKind::kMap) return inner.as_guess();
    bool list = data.kind == TypeKind::kArray || data.kind == TypeKind::kTuple || data.kind == TypeKind::kString ||
                data.kind == TypeKind::kRange;
    if (list && !inner.is_guess() && is_no_place(place)) {
        if (checking_) say_.bad_index(node.index->span, inner, place, node.span);
        return {};
    }
    return element(inner, node.object->span, node.span);
}

// Elements are counted: a text, a list or a size is no place.
bool Typer::is_no_place(Type index) const {
    if (index.is_guess()) return false;
    switch (types_.kind(index)) {
        case TypeKind::kUnknown:
        case TypeKind::kNothing:
        case TypeKind::kNull:
        case TypeKind::kNullable:
        case TypeKind::kInt:
        case TypeKind::kNumber:
        case TypeKind::kRange:
            return false;
        default:
            return true;
    }
}

Type Typer::element(Type container, Span where, Span whole) {
    const TypeData& data = types_.data(container);
    switch (data.kind) {
        case TypeKind::kArray:
            return data.parts[0].as_guess();
        case TypeKind::kMap:
            return data.parts[1].as_guess();
        case TypeKind::kTuple: {
            Type joined = types_.basic(TypeKind::kNothing);
            for (std::size_t i = 0; i < data.parts.size(); ++i) joined = types_.join(joined, data.parts[i]);
            return joined.as_guess();
        }
        case TypeKind::kString:
            return container;
        case TypeKind::kRange:
            return types_.basic(TypeKind::kInt).like(container);
        case TypeKind::kNothing:
            return container;
        case TypeKind::kBool:
        case TypeKind::kInt:
        case TypeKind::kFloat:
        case TypeKind::kNumber:
        case TypeKind::kSize:
        case TypeKind::kTime:
        case TypeKind::kRate:
        case TypeKind::kFrequency:
        case TypeKind::kFunction:
        case TypeKind::kModule:
            if (!container.is_guess() && checking_) say_.no_elements(where, container, "indexed", whole);
            return {};
        default:
            return {};
    }
}

Type Typer::slice(const ast::SliceExpr& node) {
    Type object = expr(*node.object);
    if (node.begin) expr(*node.begin);
    if (node.end) expr(*node.end);
    TypeKind kind = types_.kind(types_.without_null(object));
    if (kind == TypeKind::kArray || kind == TypeKind::kString) return types_.without_null(object);
    return {};
}

// i++ has the value from before.
Type Typer::step(const ast::StepExpr& node) {
    Type before = expr(*node.target);
    Operated result = operate(types_, ast::BinaryOp::kAdd, before, types_.basic(TypeKind::kInt));
    if (result.never_fits && checking_)
        say_.operand(node.increment ? "++" : "--", node.target->span, before, node.span);
    if (!checking_) store(*node.target, result.never_fits ? failed() : result.type, nullptr);
    return before;
}

}  // namespace nyx::analyze
