// Calls, and whether their arguments are those that the function takes.
#include <algorithm>

#include "compiler/diagnostics/did_you_mean.h"
#include "compiler/lower/lowerer.h"

namespace nyx::lower {

using diagnostics::Code;

std::vector<std::string> Lowerer::arguments(const ast::CallExpr& node) {
    std::vector<std::string> names;
    for (const ast::Argument& argument : node.arguments) {
        if (argument.name) {
            names.push_back(argument.name->text);
        } else if (!names.empty()) {
            report(Code::kWrongArguments, argument.value->span, "an argument without a name cannot follow named ones");
        }
        expr(*argument.value);
    }
    if (node.arguments.size() > 255) report(Code::kTooLarge, node.span, "a call has at most 255 arguments");
    return names;
}

void Lowerer::write(const ast::CallExpr& node) {
    if (const auto* callee = ast::try_as<ast::MemberExpr>(node.callee.get())) {
        if (callee->object->kind == ast::ExprKind::kSuperExpr) return super_call(node, callee->member.text);
        if (fn_->is_test) check_expectation(node, *callee);
        return method_call(node, *callee);
    }
    if (node.callee->kind == ast::ExprKind::kSuperExpr) return super_call(node, "init");
    const auto* callee = ast::try_as<ast::NameExpr>(node.callee.get());
    if (!callee) return call_named_value(node);

    Resolved resolved = resolve(callee->name);
    bool machine = resolved.kind == Resolved::Kind::kModuleName && resolved.name->kind == ModuleName::Kind::kMachine;
    if (symbolic_ && (resolved.kind == Resolved::Kind::kNothing || machine)) return record(node, *callee);
    switch (resolved.kind) {
        case Resolved::Kind::kNothing:
            if (fn_->is_test) return call_of_test(node, *callee);
            if (call_of_handler(node, *callee)) return;
            return call_unknown(node, *callee);
        case Resolved::Kind::kMethod:
            return call_own_method(node, *callee);
        case Resolved::Kind::kNative:
            return call_native(node, resolved.index);
        case Resolved::Kind::kModuleName:
            check_call(node, *callee, *resolved.name);
            return call_named_value(node);
        default:
            return call_named_value(node);
    }
}

void Lowerer::call_unknown(const ast::CallExpr& node, const ast::NameExpr& callee) {
    unknown_name(callee.name, callee.span);
    arguments(node);
    for (std::size_t i = 0; i < node.arguments.size(); ++i) fn_->emit(Op::kPop, node.span);
    no_value(node.span);
}

void Lowerer::call_own_method(const ast::CallExpr& node, const ast::NameExpr& callee) {
    load_self(callee.span);
    std::vector<std::string> names = arguments(node);
    check_arguments(node, callee.name, class_->method(callee.name)->fn, true, callee.span);
    fn_->emit(Op::kInvoke, node.span, tables_.call_site(callee.name, node.arguments.size() - names.size(), names));
}

void Lowerer::call_native(const ast::CallExpr& node, std::uint32_t native) {
    bool plain = std::none_of(node.arguments.begin(), node.arguments.end(),
                              [](const ast::Argument& argument) { return argument.name.has_value(); });
    if (!plain) return call_named_value(node);
    arguments(node);
    fn_->emit(Op::kCallNative, node.span, native, node.arguments.size());
}

void Lowerer::check_call(const ast::CallExpr& node, const ast::NameExpr& callee, const ModuleName& known) {
    if (known.function) check_arguments(node, callee.name, known.function->fn, false, known.where);
    const ast::FnDecl* init = known.summary && !known.summary->base_unknown ? known.summary->method("init") : nullptr;
    if (init) check_arguments(node, callee.name, init->fn, true, init->name.span);
}

void Lowerer::call_named_value(const ast::CallExpr& node) {
    expr(*node.callee);
    std::vector<std::string> names = arguments(node);
    if (names.empty()) {
        fn_->emit(Op::kCall, node.span, 0, std::min<std::size_t>(node.arguments.size(), 255));
    } else {
        fn_->emit(Op::kCallNamed, node.span, tables_.call_site("", node.arguments.size() - names.size(), names));
    }
}

void Lowerer::method_call(const ast::CallExpr& node, const ast::MemberExpr& callee) {
    check_context(callee);
    expr(*callee.object);
    std::vector<std::string> names = arguments(node);
    // The span leaves out what stands before the dot: in a chain of calls each has its own place.
    Span span{node.span.file, callee.member.span.begin, node.span.end};
    fn_->emit(Op::kInvoke, span, tables_.call_site(callee.member.text, node.arguments.size() - names.size(), names));
}

void Lowerer::super_call(const ast::CallExpr& node, const std::string& method) {
    if (!class_ || !class_->decl->base) {
        report(Code::kSelfOutside, node.callee->span,
               "`super` is only known in methods of a class that extends another");
        return no_value(node.span);
    }
    load_self(node.span);
    std::vector<std::string> names = arguments(node);
    fn_->emit(Op::kInvokeSuper, node.span, tables_.call_site(method, node.arguments.size() - names.size(), names));
}

void Lowerer::record(const ast::CallExpr& node, const ast::NameExpr& callee) {
    script::RecordShape shape{callee.name, node.span, callee.span, {}};
    for (const ast::Argument& argument : node.arguments) {
        expr(*argument.value);
        shape.fields.push_back({argument.name ? argument.name->text : "", argument.value->span,
                                argument.name ? argument.name->span : Span{}});
    }
    fn_->emit(Op::kRecord, node.span, Tables::add(tables_.program().records, std::move(shape)));
}

// What can be said of a call before it runs.
void Lowerer::check_arguments(const ast::CallExpr& node, const std::string& called, const ast::FnBody& fn, bool method,
                              Span where) {
    std::vector<const ast::Parameter*> parameters;
    for (const ast::Parameter& parameter : fn.parameters) {
        bool is_self = method && &parameter == fn.parameters.data() && parameter.name.text == "self";
        if (!is_self) parameters.push_back(&parameter);
    }
    std::vector<bool> given(parameters.size());
    std::size_t place = 0;
    bool mistaken = false;  // something that was given may have been meant for what is missing
    std::uint32_t last_end = node.callee->span.end + 1;
    for (const ast::Argument& argument : node.arguments) {
        std::optional<std::size_t> at = place_of(argument, parameters, place, {called, where, last_end});
        mistaken = mistaken || !at;
        if (!at) continue;
        if (*at >= parameters.size()) return;  // one more than there are, and so are those after it
        if (given[*at]) {
            report(Code::kWrongArguments, argument.name ? argument.name->span : argument.value->span,
                   fmt::format("`{}` is given twice to `{}`", parameters[*at]->name.text, called));
            mistaken = true;
        }
        given[*at] = true;
        last_end = argument.value->span.end;
        if (parameters[*at]->type) {
            check_literal(*parameters[*at]->type, *argument.value,
                          fmt::format("parameter `{}`", parameters[*at]->name.text));
        }
    }
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        if (mistaken || given[i] || parameters[i]->default_value) continue;
        report(Code::kWrongArguments, node.span, fmt::format("`{}` needs `{}`", called, parameters[i]->name.text))
            .label(where, "declared here");
        return;
    }
}

// The index of the parameter that an argument is for; nothing where there is none of its name. `place`: of the next
// argument without a name.
std::optional<std::size_t> Lowerer::place_of(const ast::Argument& argument,
                                             const std::vector<const ast::Parameter*>& parameters, std::size_t& place,
                                             const Called& called) {
    std::size_t at = 0;
    if (!argument.name) {
        at = place++;
        if (at < parameters.size()) return at;
        report(Code::kWrongArguments, argument.value->span,
               fmt::format("`{}` takes {} argument{}, and this is one more", called.name, parameters.size(),
                           parameters.size() == 1 ? "" : "s"))
            .label(called.where, "declared here")
            .fix("remove it", diagnostics::Applicability::kMaybeIncorrect,
                 {argument.value->span.file, called.last_end, argument.value->span.end}, "");
        return at;
    }
    while (at < parameters.size() && parameters[at]->name.text != argument.name->text) ++at;
    if (at < parameters.size()) return at;
    std::vector<std::string> names;
    for (const ast::Parameter* parameter : parameters) names.push_back(parameter->name.text);
    auto& finding = report(Code::kWrongArguments, argument.name->span,
                           fmt::format("`{}` has no parameter `{}`", called.name, argument.name->text))
                        .label(called.where, "declared here");
    if (auto meant = diagnostics::did_you_mean(argument.name->text, names))
        finding.help(fmt::format("did you mean `{}`?", *meant))
            .fix(fmt::format("change it to `{}`", *meant), diagnostics::Applicability::kMaybeIncorrect,
                 argument.name->span, *meant);
    return std::nullopt;
}

}  // namespace nyx::lower
