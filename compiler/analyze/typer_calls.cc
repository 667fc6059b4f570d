#include <fmt/format.h>

#include <algorithm>

#include "compiler/analyze/builtins.h"
#include "compiler/analyze/fits.h"
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

bool adds_elements(std::string_view name) {
    return name == "push" || name == "append" || name == "insert";
}

}  // namespace

Type Typer::call(const ast::CallExpr& node) {
    const auto* callee = ast::try_as<ast::MemberExpr>(node.callee.get());
    if (callee && callee->object->kind == ast::ExprKind::kSuperExpr) return super_call(node, callee->member.text);
    if (node.callee->kind == ast::ExprKind::kSuperExpr) return super_call(node, "init");
    // The span leaves out what stands before the dot, as in the bytecode.
    Span where =
        callee && !is_optional(node) ? Span{node.span.file, callee->member.span.begin, node.span.end} : node.span;
    Type target;
    Type receiver;
    SymbolId method = kNoSymbol;
    if (callee) {
        target = member(*callee, true, where);
        record(callee->span, target);
        receiver = member_object_;
        method = member_symbol_;
    } else {
        target = expr(*node.callee);
    }
    Type inner = types_.without_null(target);
    const TypeData& data = types_.data(inner);
    bool certain = !inner.is_guess();
    Type result;
    bool leaves = false;
    if (data.kind == TypeKind::kFunction && data.detail != kNoSymbol) {
        bool builtin = data_.symbols[data.detail].kind == SymbolKind::kBuiltin;
        const ast::Expr* object = callee && method == data.detail ? callee->object.get() : nullptr;
        result = builtin ? call_builtin(node, data.detail, object, receiver, where)
                         : call_symbol(node, data.detail, certain, where);
        leaves = call_leaves_;
        if (!certain) result = result.as_guess();
    } else if (data.kind == TypeKind::kClass) {
        construct(node, data_.symbols[data.detail].entry, certain, where);
        result = types_.instance(data.detail).like(inner);
    } else {
        arguments(node, nullptr, kNoSymbol, false, callee != nullptr, where);
        if (data.kind == TypeKind::kFunction && !data.parts.empty()) result = data.parts.back().as_guess();
        if (data.kind == TypeKind::kNothing) result = inner;
        if (callee && data.kind == TypeKind::kUnknown) result = after_unknown_method(receiver, callee->member.text);
        bool callable = data.kind == TypeKind::kFunction || data.kind == TypeKind::kUnknown ||
                        data.kind == TypeKind::kNothing || data.kind == TypeKind::kNull ||
                        data.kind == TypeKind::kMachine || data.kind == TypeKind::kNullable;
        if (!callable && certain && checking_)
            say_.not_callable(callee ? callee->member.span : node.callee->span, inner, where);
    }
    call_leaves_ = leaves;
    return is_optional(node) ? types_.nullable(result) : result;
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

Type Typer::call_symbol(const ast::CallExpr& node, SymbolId callee, bool certain, Span where) {
    const Symbol& symbol = data_.symbols[callee];
    if (symbol.entry == kNoSymbol) {  // declared, but its body was never read
        arguments(node, nullptr, kNoSymbol, false, false, where);
        return {};
    }
    const FunctionEntry& entry = data_.functions[symbol.entry];
    bool overridden = entry.class_entry != kNone && is_overridden(entry.class_entry, symbol.name);
    if (checking_) {
        std::optional<Signature> signature = data_.signature(callee);
        arguments(node, signature ? &*signature : nullptr, callee, certain && !overridden, entry.class_entry != kNone,
                  where);
    } else {
        arguments(node, nullptr, callee, false, false, where);
    }
    read(callee);
    call_leaves_ = entry.never_returns && !overridden;
    return overridden ? method_result(callee) : entry.result;
}

// What a method gives that derived classes may have another of.
Type Typer::method_result(SymbolId method) {
    const Symbol& symbol = data_.symbols[method];
    int budget = 50;
    std::vector<SymbolId> found;
    if (!overrides(data_.functions[symbol.entry].class_entry, symbol.name, budget, found)) return {};
    Type joined = data_.functions[symbol.entry].result;
    for (SymbolId other : found) {
        read(other);
        std::uint32_t entry = data_.symbols[other].entry;
        joined = types_.join(joined, entry == kNoSymbol ? Type() : data_.functions[entry].result);
    }
    return joined;
}

// The methods of that name in derived classes; false where there are too many classes to look at.
bool Typer::overrides(std::uint32_t class_entry, const std::string& name, int& budget, std::vector<SymbolId>& found) {
    for (std::uint32_t derived : data_.classes[class_entry].derived) {
        if (--budget < 0) return false;
        const ClassEntry& entry = data_.classes[derived];
        if (auto own = entry.methods.find(name); own != entry.methods.end()) found.push_back(own->second);
        if (!overrides(derived, name, budget, found)) return false;
    }
    return true;
}

bool Typer::is_overridden(std::uint32_t class_entry, const std::string& name) {
    int budget = 50;
    std::vector<SymbolId> found;
    return !overrides(class_entry, name, budget, found) || !found.empty();
}

Type Typer::call_builtin(const ast::CallExpr& node, SymbolId callee, const ast::Expr* object, Type receiver,
                         Span where) {
    if (checking_) {
        Signature signature = builtin_signature(data_, callee, object != nullptr);
        arguments(node, &signature, callee, true, object != nullptr, where);
    } else {
        arguments(node, nullptr, callee, false, false, where);
    }
    const std::string& name = data_.symbols[callee].name;
    call_leaves_ = false;
    lacks_capability_ = lacks_capability_ || name == "__capability";
    Type first = receiver;
    std::size_t values = 0;
    if (!object) {
        if (node.arguments.empty()) return builtin_result(data_, callee, {});
        first = argument_types_.empty() ? Type() : argument_types_[0];
        object = node.arguments[0].value.get();
        values = 1;
    }
    if (!checking_ && adds_elements(name) && types_.kind(first) == TypeKind::kArray && argument_types_.size() > values)
        widen(*object, types_.array(argument_types_.back()));
    if (!checking_) hint_callbacks(node, name, first);
    return builtin_result(data_, callee, first);
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
void Typer::hint_callbacks(const ast::CallExpr& node, std::string_view called, Type list) {
    constexpr std::string_view kTakeElements[] = {"map", "filter", "each", "any", "all"};
    bool takes = std::find(std::begin(kTakeElements), std::end(kTakeElements), called) != std::end(kTakeElements);
    if (!takes || types_.kind(list) != TypeKind::kArray) return;
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

Type Typer::super_call(const ast::CallExpr& node, const std::string& name) {
    std::uint32_t inside = function_ == kNone ? kNone : data_.functions[function_].inside_class;
    std::uint32_t base = inside == kNone ? kNone : data_.classes[inside].base;
    SymbolId method = base == kNone ? kNoSymbol : data_.method(base, name);
    if (method == kNoSymbol || data_.symbols[method].entry == kNoSymbol) {
        arguments(node, nullptr, kNoSymbol, false, true, node.span);
        const auto* callee = ast::try_as<ast::MemberExpr>(node.callee.get());
        bool absent = base != kNone && !data_.is_open(base) && method == kNoSymbol && name != "init" && callee;
        if (absent && checking_) {
            SymbolId symbol = data_.classes[base].symbol;
            say_.unknown_member(callee->member.span, data_.symbols[symbol].name, name, data_.symbols[symbol].name_span,
                                member_names(types_.instance(symbol)), node.span);
        }
        return {};
    }
    if (const auto* callee = ast::try_as<ast::MemberExpr>(node.callee.get())) refer(callee->member.span, method);
    std::optional<Signature> signature = checking_ ? data_.signature(method) : std::nullopt;
    arguments(node, signature ? &*signature : nullptr, method, true, true, node.span);
    read(method);
    const FunctionEntry& entry = data_.functions[data_.symbols[method].entry];
    call_leaves_ = entry.never_returns;
    return entry.result;
}

void Typer::construct(const ast::CallExpr& node, std::uint32_t class_entry, bool certain, Span where) {
    SymbolId symbol = data_.classes[class_entry].symbol;
    if (checking_) {
        std::optional<Signature> signature = data_.signature(symbol);
        arguments(node, signature ? &*signature : nullptr, symbol, certain && !data_.is_open(class_entry), true, where);
        return;
    }
    arguments(node, nullptr, symbol, false, true, where);
    if (data_.method(class_entry, "init") != kNoSymbol) return;
    // Without `init` its arguments are the fields' values.
    std::uint32_t root = class_entry;
    while (data_.classes[root].base != kNone) root = data_.classes[root].base;
    const auto& fields = data_.classes[root].decl->fields;
    for (std::size_t i = 0; i < node.arguments.size(); ++i) {
        const auto& name = node.arguments[i].name;
        SymbolId field = name                ? data_.field(root, name->text)
                         : i < fields.size() ? data_.bound_to(&fields[i].name)
                                             : kNoSymbol;
        if (field != kNoSymbol && i < argument_types_.size())
            join_into(field_group(field), argument_types_[i].as_guess());
    }
}

void Typer::arguments(const ast::CallExpr& node, const Signature* signature, SymbolId callee, bool strict,
                      bool as_method, Span where) {
    std::vector<Type> given;
    for (const ast::Argument& argument : node.arguments) given.push_back(expr(*argument.value));
    if (checking_) place_arguments(node, signature, callee, strict, as_method, where, given);
    argument_types_ = std::move(given);
}

void Typer::place_arguments(const ast::CallExpr& node, const Signature* signature, SymbolId callee, bool strict,
                            bool as_method, Span where, const std::vector<Type>& given) {
    Call call;
    call.span = node.span;
    call.arguments_span = {node.span.file, node.callee->span.end, node.span.end};
    call.callee = callee;
    call.as_method = as_method;
    call.first_argument = static_cast<std::uint32_t>(data_.arguments.size());
    call.argument_count = static_cast<std::uint32_t>(node.arguments.size());
    std::size_t count = signature ? signature->parameters.size() : 0;
    std::vector<bool> taken(count);
    std::size_t place = 0;
    bool failed = !signature || !strict;
    for (std::size_t i = 0; i < node.arguments.size(); ++i) {
        const ast::Argument& argument = node.arguments[i];
        std::size_t at = argument.name ? parameter_named(signature, argument.name->text) : place;
        if (!argument.name && !(at < count && signature->parameters[at].variadic)) ++place;
        CallArgument& noted = data_.arguments.emplace_back();
        noted.span = argument.value->span;
        noted.named = argument.name.has_value();
        if (at >= count) {
            if (!failed && argument.name)
                say_.no_parameter(argument.name->span, *signature, argument.name->text, where);
            if (!failed && !argument.name) say_.one_argument_more(argument.value->span, *signature, where);
            failed = true;
            continue;
        }
        const SignatureParameter& parameter = signature->parameters[at];
        noted.parameter = static_cast<std::uint32_t>(at);
        if (argument.name && parameter.symbol != kNoSymbol) refer(argument.name->span, parameter.symbol);
        if (parameter.variadic) continue;
        if (taken[at] && !failed) {
            say_.given_twice(argument.name ? argument.name->span : argument.value->span, *signature, parameter.name,
                             where);
            failed = true;
        }
        taken[at] = true;
        auto misfit = failed ? std::nullopt : find_misfit(data_, *argument.value, given[i], parameter.type);
        if (!misfit) continue;
        const Symbol* declared = parameter.symbol == kNoSymbol ? nullptr : &data_.symbols[parameter.symbol];
        bool field = declared && declared->kind == SymbolKind::kField;
        say_.mismatch(*misfit, fmt::format("{} `{}`", field ? "field" : "parameter", parameter.name),
                      declared ? declared->name_span : Span{}, where);
    }
    for (std::size_t at = 0; at < count && !failed; ++at) {
        const SignatureParameter& parameter = signature->parameters[at];
        if (taken[at] || parameter.optional) continue;
        say_.missing_argument(where, *signature, parameter.name, where);
        failed = true;
    }
    data_.files[node.span.file].calls.push_back(call);
}

std::size_t Typer::parameter_named(const Signature* signature, const std::string& name) {
    if (!signature) return 0;
    std::size_t at = 0;
    while (at < signature->parameters.size() && signature->parameters[at].name != name) ++at;
    return at;
}

}  // namespace nyx::analyze
