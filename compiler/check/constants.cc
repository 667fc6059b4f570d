#include "compiler/check/constants.h"

#include "compiler/syntax/units.h"
#include "runtime/script/objects.h"

namespace nyx::check {

using script::Value;

namespace {

script::Type type_of(syntax::Dimension dimension) {
    using script::Type;
    constexpr Type kTypes[] = {Type::kSize, Type::kTime, Type::kRate, Type::kFrequency};
    return kTypes[static_cast<std::size_t>(dimension)];
}

class Evaluator {
  public:
    Evaluator(script::Heap& heap, Span& culprit) : heap_(heap), culprit_(culprit) {}

    std::optional<Value> value(const ast::Expr& expr) {
        switch (expr.kind) {
            case ast::ExprKind::kNullLiteral:
                return Value();
            case ast::ExprKind::kBoolLiteral:
                return Value::boolean(ast::as<ast::BoolLiteral>(expr).value);
            case ast::ExprKind::kIntLiteral:
                return Value::integer(ast::as<ast::IntLiteral>(expr).value);
            case ast::ExprKind::kFloatLiteral:
                return Value::floating(ast::as<ast::FloatLiteral>(expr).value);
            case ast::ExprKind::kStringLiteral:
                return heap_.string(ast::as<ast::StringLiteral>(expr).value);
            case ast::ExprKind::kNameExpr:
                return symbol(ast::as<ast::NameExpr>(expr));
            case ast::ExprKind::kQuantity:
                return quantity(ast::as<ast::Quantity>(expr));
            case ast::ExprKind::kArrayExpr:
                return array(ast::as<ast::ArrayExpr>(expr));
            case ast::ExprKind::kMapExpr:
                return map(ast::as<ast::MapExpr>(expr));
            case ast::ExprKind::kCallExpr:
                return record(ast::as<ast::CallExpr>(expr));
            default:
                return not_constant(expr);
        }
    }

  private:
    std::optional<Value> not_constant(const ast::Expr& expr) {
        culprit_ = expr.span;
        return std::nullopt;
    }

    Value symbol(const ast::NameExpr& name) { return heap_.make<script::Symbol>(name.name, name.span); }

    std::optional<Value> quantity(const ast::Quantity& quantity) {
        const syntax::Unit* unit = syntax::find_unit(quantity.unit.text);
        auto base_units = unit ? syntax::base_units(quantity, *unit) : std::nullopt;
        return base_units ? Value::quantity(type_of(unit->dimension), *base_units) : not_constant(quantity);
    }

    std::optional<Value> array(const ast::ArrayExpr& array) {
        std::vector<Value> items;
        for (const ast::ExprPtr& element : array.elements) {
            std::optional<Value> item = value(*element);
            if (!item) return std::nullopt;
            items.push_back(*item);
        }
        return heap_.make<script::Array>(std::move(items));
    }

    std::optional<Value> map(const ast::MapExpr& map) {
        auto* result = heap_.make<script::Map>();
        for (const ast::MapEntry& entry : map.entries) {
            std::optional<Value> key = value(*entry.key);
            std::optional<Value> item = key ? value(*entry.value) : std::nullopt;
            if (!item) return std::nullopt;
            if (!script::hashable(*key)) return not_constant(*entry.key);
            result->set(*key, *item);
        }
        return result;
    }

    std::optional<Value> record(const ast::CallExpr& call) {
        const auto* name = ast::try_as<ast::NameExpr>(call.callee.get());
        if (!name) return not_constant(call);
        auto* result = heap_.make<script::Record>(name->name, call.span, name->span);
        for (const ast::Argument& argument : call.arguments) {
            std::optional<Value> item = value(*argument.value);
            if (!item) return std::nullopt;
            result->fields.push_back({argument.name ? argument.name->text : std::string(), *item, argument.value->span,
                                      argument.name ? argument.name->span : Span{}});
        }
        return result;
    }

    script::Heap& heap_;
    Span& culprit_;
};

}  // namespace

std::optional<Value> constant(const ast::Expr& expr, script::Heap& heap, Span& culprit) {
    return Evaluator(heap, culprit).value(expr);
}

}  // namespace nyx::check
