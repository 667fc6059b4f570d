// Names in expressions, in the order in which lower reads them.
#include "compiler/analyze/bind.h"

namespace nyx::analyze {

void Binder::expr(const ast::Expr& node) {
    switch (node.kind) {
        case ast::ExprKind::kNameExpr:
            return name(ast::as<ast::NameExpr>(node));
        case ast::ExprKind::kInterpolatedString:
            return exprs(ast::as<ast::InterpolatedString>(node).values);
        case ast::ExprKind::kArrayExpr:
            return exprs(ast::as<ast::ArrayExpr>(node).elements);
        case ast::ExprKind::kTupleExpr:
            return exprs(ast::as<ast::TupleExpr>(node).elements);
        case ast::ExprKind::kMapExpr:
            return map(ast::as<ast::MapExpr>(node));
        case ast::ExprKind::kComprehension:
            return comprehension(ast::as<ast::Comprehension>(node));
        case ast::ExprKind::kUnaryExpr:
            return expr(*ast::as<ast::UnaryExpr>(node).operand);
        case ast::ExprKind::kBinaryExpr:
            expr(*ast::as<ast::BinaryExpr>(node).left);
            return expr(*ast::as<ast::BinaryExpr>(node).right);
        case ast::ExprKind::kCallExpr:
            return call(ast::as<ast::CallExpr>(node));
        case ast::ExprKind::kIndexExpr:
            expr(*ast::as<ast::IndexExpr>(node).object);
            return expr(*ast::as<ast::IndexExpr>(node).index);
        case ast::ExprKind::kSliceExpr:
            return slice(ast::as<ast::SliceExpr>(node));
        case ast::ExprKind::kMemberExpr:
            return expr(*ast::as<ast::MemberExpr>(node).object);
        case ast::ExprKind::kStepExpr:
            return step(ast::as<ast::StepExpr>(node));
        case ast::ExprKind::kFnExpr:
            return fn_expr(ast::as<ast::FnExpr>(node));
        default:
            return;  // literals, `super`, errors
    }
}

void Binder::exprs(const std::vector<ast::ExprPtr>& nodes) {
    for (const ast::ExprPtr& node : nodes) expr(*node);
}

void Binder::name(const ast::NameExpr& node) {
    bool symbol = (frame_->is_require || symbolic_) && symbolic_name(node);
    if (!symbol) use(node);
}

void Binder::map(const ast::MapExpr& node) {
    for (const ast::MapEntry& entry : node.entries) {
        expr(*entry.key);
        expr(*entry.value);
    }
}

void Binder::comprehension(const ast::Comprehension& node) {
    push_scope(node.span);
    expr(*node.iterable);
    for (const ast::Ident& name : node.names) declare(name, SymbolKind::kVariable, name.span);
    if (node.condition) expr(*node.condition);
    expr(*node.element);
    pop_scope();
}

void Binder::slice(const ast::SliceExpr& node) {
    expr(*node.object);
    if (node.begin) expr(*node.begin);
    if (node.end) expr(*node.end);
}

void Binder::step(const ast::StepExpr& node) {
    const auto* name = ast::try_as<ast::NameExpr>(node.target.get());
    if (name) return use(*name, true);
    expr(*node.target);
}

void Binder::fn_expr(const ast::FnExpr& node) {
    SymbolId symbol = add_symbol(SymbolKind::kFunction, {"fn", {}}, node.span, frame_->owner);
    data_.bound[&node] = symbol;
    function(node.fn, symbol, kNone, node.span, node.span);
}

void Binder::call(const ast::CallExpr& node) {
    const auto* callee = ast::try_as<ast::NameExpr>(node.callee.get());
    expr(*node.callee);
    auto schema = symbolic_ && callee && data_.bound_to(callee) != kNoSymbol ? data_.schema_names.find(callee->name)
                                                                             : data_.schema_names.end();
    for (const ast::Argument& argument : node.arguments) {
        expr(*argument.value);
        if (schema == data_.schema_names.end() || !argument.name) continue;
        data_.refer(argument.name->span, data_.schema_field(callee->name, argument.name->text));
    }
}

}  // namespace nyx::analyze
