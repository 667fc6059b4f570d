#include <algorithm>

#include "compiler/analyze/typer.h"

namespace nyx::analyze {

namespace {

// a?.b.c(d): somewhere in the chain is a `?.`, and then all of it may be null.
bool is_optional(const ast::Expr& node) {
    const ast::Expr* at = &node;
    while (at) {
        if (const auto* member = ast::try_as<ast::MemberExpr>(at)) {
            if (member->optional) return true;
            at = member->object.get();
        } else if (const auto* call = ast::try_as<ast::CallExpr>(at)) {
            at = call->callee.get();
        } else if (const auto* index = ast::try_as<ast::IndexExpr>(at)) {
            at = index->object.get();
        } else {
            return false;
        }
    }
    return false;
}

}  // namespace

Type Typer::call(const ast::CallExpr& node) {
    const auto* access = ast::try_as<ast::MemberExpr>(node.callee.get());
    if (access && access->object->kind == ast::ExprKind::kSuperExpr) return super_call(node, access->member.text);
    if (node.callee->kind == ast::ExprKind::kSuperExpr) return super_call(node, "init");
    const bool optional = is_optional(node);
    Callee callee{.member = access};
    // The span leaves out what stands before the dot, as in the bytecode.
    callee.where = access && !optional ? Span{node.span.file, access->member.span.begin, node.span.end} : node.span;
    if (access) {
        callee.type = member(*access, true, callee.where);
        record(access->span, callee.type);
        callee.receiver = member_object_;
        callee.method = member_symbol_;
    } else {
        callee.type = expr(*node.callee);
    }
    callee.type = types_.without_null(callee.type);
    Type result = call(node, callee);
    return optional ? types_.nullable(result) : result;
}

Type Typer::call(const ast::CallExpr& node, const Callee& callee) {
    const TypeData& data = types_.data(callee.type);
    const bool certain = !callee.type.is_guess();
    if (data.kind == TypeKind::kFunction && data.detail != kNoSymbol) {
        const bool builtin = data_.symbols[data.detail].kind == SymbolKind::kBuiltin;
        Type result =
            builtin ? call_builtin(node, data.detail, callee) : call_symbol(node, data.detail, certain, callee.where);
        return certain ? result : result.as_guess();
    }
    Type result;
    if (data.kind == TypeKind::kClass) {
        construct(node, data_.symbols[data.detail].entry, certain, callee.where);
        result = types_.instance(data.detail).like(callee.type);
    } else {
        result = call_unknown(node, callee);
    }
    call_leaves_ = false;
    return result;
}

// Of what has no declaration.
Type Typer::call_unknown(const ast::CallExpr& node, const Callee& callee) {
    arguments(node, {.as_method = callee.member != nullptr, .where = callee.where});
    const TypeData& data = types_.data(callee.type);
    switch (data.kind) {
        case TypeKind::kFunction:
            return data.parts.empty() ? Type() : data.parts.back().as_guess();
        case TypeKind::kNothing:
            return callee.type;
        case TypeKind::kUnknown:
            return callee.member ? after_unknown_method(callee.receiver, callee.member->member.text) : Type();
        case TypeKind::kNull:
        case TypeKind::kMachine:
        case TypeKind::kNullable:
            return {};
        default:
            break;
    }
    if (checking_ && !callee.type.is_guess())
        say_.not_callable(callee.member ? callee.member->member.span : node.callee->span, callee.type, callee.where);
    return {};
}

// The methods of a builder give it back: what follows one that it does not have is meant for it as well.
Type Typer::after_unknown_method(Type object, const std::string& name) {
    Type inner = types_.without_null(object);
    if (types_.kind(inner) != TypeKind::kInstance || !is_certain_absence(object, name)) return {};
    const auto& methods = data_.classes[data_.symbols[types_.data(inner).detail].entry].methods;
    auto gives_it_back = [&](const auto& method) {
        std::uint32_t entry = data_.symbols[method.second].entry;
        return entry != kNoSymbol && data_.functions[entry].result == inner;
    };
    auto count = static_cast<std::size_t>(std::count_if(methods.begin(), methods.end(), gives_it_back));
    return 2 * count > methods.size() ? inner : Type();
}

void Typer::arguments(const ast::CallExpr& node, const Placement& placement) {
    std::vector<Type> given;
    for (const ast::Argument& argument : node.arguments) given.push_back(expr(*argument.value));
    if (checking_) place_arguments(data_, say_, node, given, placement);
    argument_types_ = std::move(given);
}

}  // namespace nyx::analyze
