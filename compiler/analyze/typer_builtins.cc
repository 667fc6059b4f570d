// Calls of built-ins, and what they tell of their arguments.
#include <algorithm>

#include "compiler/analyze/builtins.h"
#include "compiler/analyze/typer.h"

namespace nyx::analyze {

namespace {

bool adds_elements(std::string_view name) {
    return name == "push" || name == "append" || name == "insert";
}

bool takes_elements(std::string_view name) {
    return name == "map" || name == "filter" || name == "each" || name == "any" || name == "all";
}

}  // namespace

// What it works on is before the dot, or the first argument.
Type Typer::call_builtin(const ast::CallExpr& node, SymbolId builtin, const Callee& callee) {
    const ast::Expr* object = callee.member && callee.method == builtin ? callee.member->object.get() : nullptr;
    const bool as_method = object != nullptr;
    Placement placement{.callee = builtin, .strict = true, .as_method = as_method, .where = callee.where};
    if (checking_) placement.signature = builtin_signature(data_, builtin, as_method);
    arguments(node, placement);
    const std::string& name = data_.symbols[builtin].name;
    call_leaves_ = false;
    lacks_capability_ = lacks_capability_ || name == "__capability";
    if (!object && node.arguments.empty()) return builtin_result(data_, builtin, {});
    Type first = callee.receiver;
    if (!object) {
        first = argument_types_.empty() ? Type() : argument_types_[0];
        object = node.arguments[0].value.get();
    }
    if (!checking_) {
        const std::size_t values = as_method ? 0 : 1;
        if (adds_elements(name) && types_.kind(first) == TypeKind::kArray && argument_types_.size() > values)
            widen(*object, types_.array(argument_types_.back()));
        if (takes_elements(name)) hint_callbacks(node, first);
    }
    return builtin_result(data_, builtin, first);
}

// What goes into a container shows in the type of the variable that holds it.
void Typer::widen(const ast::Expr& holder, Type container) {
    SymbolId symbol = kNoSymbol;
    if (const auto* name = ast::try_as<ast::NameExpr>(&holder)) symbol = data_.bound_to(name);
    if (const auto* part = ast::try_as<ast::MemberExpr>(&holder))
        symbol = data_.field(class_of(expr(*part->object)), part->member.text);
    if (symbol == kNoSymbol) return;
    join_into(data_.symbols[symbol].kind == SymbolKind::kField ? field_group(symbol) : symbol, container);
}

// `devices.map(fn(d) { … })`: most likely d is an element.
void Typer::hint_callbacks(const ast::CallExpr& node, Type list) {
    if (types_.kind(list) != TypeKind::kArray) return;
    Type element = types_.data(list).parts[0].as_guess();
    if (types_.is_unknown(element) || types_.is_nothing(element)) return;
    for (const ast::Argument& argument : node.arguments) {
        const auto* callback = ast::try_as<ast::FnExpr>(argument.value.get());
        auto known = callback ? data_.function_of.find(&callback->fn) : data_.function_of.end();
        if (known == data_.function_of.end() || callback->fn.parameters.empty() || callback->fn.parameters[0].type)
            continue;
        Symbol& parameter = data_.symbols[data_.functions[known->second].parameters[0]];
        if (parameter.type == element) continue;
        parameter.type = types_.is_unknown(parameter.type) ? element : types_.join(parameter.type, element);
        enqueue(known->second);
    }
}

}  // namespace nyx::analyze
