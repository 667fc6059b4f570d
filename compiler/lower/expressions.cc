#include <algorithm>

#include "compiler/diagnostics/did_you_mean.h"
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

bool is_chain(const ast::Expr& node) {
    return node.kind == ast::ExprKind::kMemberExpr || node.kind == ast::ExprKind::kCallExpr ||
           node.kind == ast::ExprKind::kIndexExpr || node.kind == ast::ExprKind::kSliceExpr;
}

const ast::Expr* chain_object(const ast::Expr& node) {
    if (const auto* member = ast::try_as<ast::MemberExpr>(&node)) return member->object.get();
    if (const auto* call = ast::try_as<ast::CallExpr>(&node)) return call->callee.get();
    if (const auto* index = ast::try_as<ast::IndexExpr>(&node)) return index->object.get();
    if (const auto* slice = ast::try_as<ast::SliceExpr>(&node)) return slice->object.get();
    return nullptr;
}

// a?.b.c(d): somewhere in the chain is a `?.`.
bool has_optional(const ast::Expr& node) {
    for (const ast::Expr* at = &node; at && is_chain(*at); at = chain_object(*at)) {
        const auto* member = ast::try_as<ast::MemberExpr>(at);
        if (member && member->optional) return true;
    }
    return false;
}

}  // namespace

void Lowerer::expr(const ast::Expr& node) {
    if (has_optional(node)) return optional_chain(node);
    switch (node.kind) {
        case ast::ExprKind::kNullLiteral:
            fn_->emit(Op::kNull, node.span);
            break;
        case ast::ExprKind::kBoolLiteral:
            fn_->emit(ast::as<ast::BoolLiteral>(node).value ? Op::kTrue : Op::kFalse, node.span);
            break;
        case ast::ExprKind::kIntLiteral:
            constant_int(ast::as<ast::IntLiteral>(node).value, node.span);
            break;
        case ast::ExprKind::kFloatLiteral:
            fn_->emit(Op::kConst, node.span, tables_.constant(ast::as<ast::FloatLiteral>(node).value));
            break;
        case ast::ExprKind::kQuantity:
            quantity(ast::as<ast::Quantity>(node));
            break;
        case ast::ExprKind::kStringLiteral:
            fn_->emit(Op::kConst, node.span, tables_.string(ast::as<ast::StringLiteral>(node).value));
            break;
        case ast::ExprKind::kInterpolatedString:
            interpolated(ast::as<ast::InterpolatedString>(node));
            break;
        case ast::ExprKind::kNameExpr:
            name(ast::as<ast::NameExpr>(node));
            break;
        case ast::ExprKind::kSuperExpr:
            report(Code::kSelfOutside, node.span, "`super` is only called: `super.method(…)` or `super(…)`");
            no_value(node.span);
            break;
        case ast::ExprKind::kArrayExpr:
            list(Op::kMakeArray, ast::as<ast::ArrayExpr>(node).elements, node.span);
            break;
        case ast::ExprKind::kTupleExpr:
            list(Op::kMakeTuple, ast::as<ast::TupleExpr>(node).elements, node.span);
            break;
        case ast::ExprKind::kMapExpr:
            map(ast::as<ast::MapExpr>(node));
            break;
        case ast::ExprKind::kComprehension:
            comprehension(ast::as<ast::Comprehension>(node));
            break;
        case ast::ExprKind::kUnaryExpr:
            unary(ast::as<ast::UnaryExpr>(node));
            break;
        case ast::ExprKind::kBinaryExpr:
            binary(ast::as<ast::BinaryExpr>(node));
            break;
        case ast::ExprKind::kCallExpr:
            call(ast::as<ast::CallExpr>(node));
            break;
        case ast::ExprKind::kIndexExpr: {
            const auto& index = ast::as<ast::IndexExpr>(node);
            expr(*index.object);
            expr(*index.index);
            fn_->emit(Op::kIndex, node.span);
            break;
        }
        case ast::ExprKind::kSliceExpr:
            slice(ast::as<ast::SliceExpr>(node));
            break;
        case ast::ExprKind::kMemberExpr:
            member(ast::as<ast::MemberExpr>(node));
            break;
        case ast::ExprKind::kStepExpr:
            step(ast::as<ast::StepExpr>(node), true);
            break;
        case ast::ExprKind::kFnExpr:
            fn_->emit(Op::kClosure, node.span, function("fn", ast::as<ast::FnExpr>(node).fn, nullptr, node.span));
            break;
        case ast::ExprKind::kErrorExpr:
            no_value(node.span);
            break;
    }
}

void Lowerer::constant_int(std::int64_t value, Span span) {
    if (value >= INT32_MIN && value <= INT32_MAX) {
        fn_->emit(Op::kInt, span, static_cast<std::uint32_t>(value));
    } else {
        fn_->emit(Op::kConst, span, tables_.constant(value));
    }
}

void Lowerer::name(const ast::NameExpr& node) {
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
        if (sets_field(node.name)) return symbol_or_field(node.name, node.span);
        unknown_name(node.name, node.span);
    }
    load(resolved, node.name, node.span);
}

void Lowerer::quantity(const ast::Quantity& node) {
    const syntax::Unit* unit = syntax::find_unit(node.unit.text);
    if (!unit) return no_value(node.span);  // the parser has said that there is no such unit
    if (auto base_units = syntax::base_units(node, *unit)) {
        fn_->emit(Op::kConst, node.span, tables_.constant(*base_units, type_of(unit->dimension)));
        return;
    }
    constexpr std::string_view kBaseUnits[] = {"bytes", "nanoseconds", "bits per second", "hertz"};
    report(Code::kBadQuantity, node.span,
           fmt::format("this is no whole number of {}, or it is too large",
                       kBaseUnits[static_cast<std::size_t>(unit->dimension)]));
    no_value(node.span);
}

void Lowerer::interpolated(const ast::InterpolatedString& node) {
    std::uint32_t parts = 0;
    for (std::size_t i = 0; i < node.literals.size(); ++i) {
        if (!node.literals[i].empty()) {
            fn_->emit(Op::kConst, node.span, tables_.string(node.literals[i]));
            ++parts;
        }
        if (i >= node.values.size()) continue;
        expr(*node.values[i]);
        // Concat makes text of what has no format.
        if (i < node.formats.size() && !node.formats[i].empty())
            fn_->emit(Op::kFormat, node.values[i]->span, tables_.string(node.formats[i]));
        ++parts;
    }
    fn_->emit(Op::kConcat, node.span, parts);
}

void Lowerer::list(Op op, const ast::ExprList& elements, Span span) {
    // In pieces, so that a long list does not need a deep stack.
    constexpr std::size_t kPiece = 4096;
    for (std::size_t begin = 0; begin == 0 || begin < elements.size(); begin += kPiece) {
        std::size_t end = std::min(elements.size(), begin + kPiece);
        for (std::size_t i = begin; i < end; ++i) expr(*elements[i]);
        fn_->emit(op, span, static_cast<std::uint32_t>(end - begin));
        if (begin != 0) fn_->emit(Op::kAdd, span);
    }
}

void Lowerer::map(const ast::MapExpr& node) {
    constexpr std::size_t kPiece = 4096;
    const auto& entries = node.entries;
    for (std::size_t begin = 0; begin == 0 || begin < entries.size(); begin += kPiece) {
        std::size_t end = std::min(entries.size(), begin + kPiece);
        for (std::size_t i = begin; i < end; ++i) {
            expr(*entries[i].key);
            expr(*entries[i].value);
        }
        fn_->emit(Op::kMakeMap, node.span, static_cast<std::uint32_t>(end - begin));
        if (begin != 0) fn_->emit(Op::kBitOr, node.span);
    }
}

void Lowerer::comprehension(const ast::Comprehension& node) {
    fn_->push_scope();
    std::uint16_t result = fn_->hidden_slot(node.span);
    std::uint16_t iterator = fn_->hidden_slot(node.span);
    fn_->emit(Op::kMakeArray, node.span, 0);
    fn_->emit(Op::kStoreLocal, node.span, 0, result);
    expr(*node.iterable);
    fn_->emit(Op::kIterInit, node.iterable->span, 0, iterator);
    std::uint32_t start = fn_->here();
    std::size_t exit = next_item(node.names, iterator, node.iterable->span);
    std::optional<std::size_t> skip;
    if (node.condition) skip = jump_unless(*node.condition);
    expr(*node.element);
    fn_->emit(Op::kAppendLocal, node.element->span, 0, result);
    if (skip) fn_->point_here(*skip);
    fn_->emit(Op::kLoop, node.span, start);
    fn_->point_here(exit);
    fn_->emit(Op::kLoadLocal, node.span, 0, result);
    fn_->pop_scope();
}

void Lowerer::unary(const ast::UnaryExpr& node) {
    const auto* whole = ast::try_as<ast::IntLiteral>(node.operand.get());
    if (node.op == ast::UnaryOp::kNegate && whole && whole->value != INT64_MIN)
        return constant_int(-whole->value, node.span);
    expr(*node.operand);
    Op op = node.op == ast::UnaryOp::kNegate ? Op::kNegate : node.op == ast::UnaryOp::kNot ? Op::kNot : Op::kBitNot;
    fn_->emit(op, node.span);
}

void Lowerer::binary(const ast::BinaryExpr& node) {
    expr(*node.left);
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
            expr(*node.right);
            fn_->emit(op_of(node.op), node.span);
    }
}

// ---- Calls ----------------------------------------------------------------------------------------------------------

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

void Lowerer::call(const ast::CallExpr& node) {
    if (const auto* callee = ast::try_as<ast::MemberExpr>(node.callee.get())) {
        if (callee->object->kind == ast::ExprKind::kSuperExpr) return super_call(node, callee->member.text);
        return method_call(node, *callee);
    }
    if (node.callee->kind == ast::ExprKind::kSuperExpr) return super_call(node, "init");
    const auto* callee = ast::try_as<ast::NameExpr>(node.callee.get());
    if (!callee) return call_named_value(node);

    Resolved resolved = resolve(callee->name);
    bool machine = resolved.kind == Resolved::Kind::kModuleName && resolved.name->kind == ModuleName::Kind::kMachine;
    if (symbolic_ && (resolved.kind == Resolved::Kind::kNothing || machine)) return record(node, *callee);
    if (resolved.kind == Resolved::Kind::kNothing) {
        unknown_name(callee->name, callee->span);
        arguments(node);
        for (std::size_t i = 0; i < node.arguments.size(); ++i) fn_->emit(Op::kPop, node.span);
        return no_value(node.span);
    }
    if (resolved.kind == Resolved::Kind::kMethod) {
        load_self(callee->span);
        std::vector<std::string> names = arguments(node);
        check_arguments(node, callee->name, class_->method(callee->name)->fn, true, callee->span);
        fn_->emit(Op::kInvoke, node.span, tables_.call_site(callee->name, node.arguments.size() - names.size(), names));
        return;
    }
    if (resolved.kind == Resolved::Kind::kNative) {
        bool plain = true;
        for (const ast::Argument& argument : node.arguments) plain = plain && !argument.name;
        if (plain) {
            arguments(node);
            fn_->emit(Op::kCallNative, node.span, resolved.index, node.arguments.size());
            return;
        }
    }
    if (resolved.kind == Resolved::Kind::kModuleName) {
        const ModuleName& known = *resolved.name;
        if (known.function) check_arguments(node, callee->name, known.function->fn, false, known.where);
        const ast::FnDecl* init =
            known.summary && !known.summary->base_unknown ? known.summary->method("init") : nullptr;
        if (init) check_arguments(node, callee->name, init->fn, true, init->name.span);
    }
    call_named_value(node);
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

void Lowerer::check_arguments(const ast::CallExpr& node, const std::string& called, const ast::FnBody& fn, bool method,
                              Span where) {
    std::vector<const ast::Parameter*> parameters;
    for (const ast::Parameter& parameter : fn.parameters) {
        if (!(method && parameters.empty() && parameter.name.text == "self" && &parameter == fn.parameters.data())) {
            parameters.push_back(&parameter);
        }
    }
    std::vector<bool> given(parameters.size());
    std::size_t place = 0;
    bool mistaken = false;  // something that was given may have been meant for what is missing
    std::uint32_t last_end = node.callee->span.end + 1;
    for (const ast::Argument& argument : node.arguments) {
        std::size_t at = place;
        if (argument.name) {
            at = 0;
            while (at < parameters.size() && parameters[at]->name.text != argument.name->text) ++at;
            if (at == parameters.size()) {
                std::vector<std::string> names;
                for (const ast::Parameter* parameter : parameters) names.push_back(parameter->name.text);
                auto& finding = report(Code::kWrongArguments, argument.name->span,
                                       fmt::format("`{}` has no parameter `{}`", called, argument.name->text))
                                    .label(where, "declared here");
                if (auto meant = diagnostics::did_you_mean(argument.name->text, names))
                    finding.help(fmt::format("did you mean `{}`?", *meant))
                        .fix(fmt::format("change it to `{}`", *meant), diagnostics::Applicability::kMaybeIncorrect,
                             argument.name->span, *meant);
                mistaken = true;
                continue;
            }
        } else {
            ++place;
        }
        if (at >= parameters.size()) {
            report(Code::kWrongArguments, argument.value->span,
                   fmt::format("`{}` takes {} argument{}, and this is one more", called, parameters.size(),
                               parameters.size() == 1 ? "" : "s"))
                .label(where, "declared here")
                .fix("remove it", diagnostics::Applicability::kMaybeIncorrect,
                     {argument.value->span.file, last_end, argument.value->span.end}, "");
            return;
        }
        if (given[at]) {
            report(Code::kWrongArguments, argument.name ? argument.name->span : argument.value->span,
                   fmt::format("`{}` is given twice to `{}`", parameters[at]->name.text, called));
            mistaken = true;
        }
        given[at] = true;
        last_end = argument.value->span.end;
        if (parameters[at]->type) {
            check_literal(*parameters[at]->type, *argument.value,
                          fmt::format("parameter `{}`", parameters[at]->name.text));
        }
    }
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        if (mistaken || given[i] || parameters[i]->default_value) continue;
        report(Code::kWrongArguments, node.span, fmt::format("`{}` needs `{}`", called, parameters[i]->name.text))
            .label(where, "declared here");
        return;
    }
}

// ---- Members --------------------------------------------------------------------------------------------------------

// a?.b.c: when a is null, so is the whole chain.
void Lowerer::optional_chain(const ast::Expr& node) {
    std::vector<std::size_t> exits;
    chain_link(node, exits);
    fn_->point_here(exits);
}

void Lowerer::chain_link(const ast::Expr& node, std::vector<std::size_t>& exits) {
    if (!is_chain(node) || !has_optional(node)) return expr(node);
    const auto* call = ast::try_as<ast::CallExpr>(&node);
    const auto* callee = call ? ast::try_as<ast::MemberExpr>(call->callee.get()) : nullptr;
    const ast::Expr& object = callee ? *callee->object : *chain_object(node);
    chain_link(object, exits);
    const auto* link = callee ? callee : ast::try_as<ast::MemberExpr>(&node);
    if (link && link->optional) exits.push_back(fn_->emit(Op::kJumpIfNull, link->span));
    if (call) {
        std::vector<std::string> names = arguments(*call);
        std::size_t positional = call->arguments.size() - names.size();
        std::uint32_t site = tables_.call_site(callee ? callee->member.text : "", positional, names);
        fn_->emit(callee ? Op::kInvoke : Op::kCallNamed, node.span, site);
    } else if (link) {
        fn_->emit(Op::kMember, link->member.span, tables_.string(link->member.text));
    } else if (const auto* index = ast::try_as<ast::IndexExpr>(&node)) {
        expr(*index->index);
        fn_->emit(Op::kIndex, node.span);
    } else if (const auto* part = ast::try_as<ast::SliceExpr>(&node)) {
        part->begin ? expr(*part->begin) : null(node.span);
        part->end ? expr(*part->end) : null(node.span);
        fn_->emit(Op::kSlice, node.span);
    }
}

void Lowerer::member(const ast::MemberExpr& node) {
    const auto* object = ast::try_as<ast::NameExpr>(node.object.get());
    Resolved resolved = object && !fn_->is_require ? resolve(object->name) : Resolved{};
    if (resolved.kind == Resolved::Kind::kModuleName && resolved.name->kind == ModuleName::Kind::kModule &&
        resolved.name->module) {
        const auto& names = resolved.name->module->names;
        auto found = names.find(node.member.text);
        if (found == names.end()) {
            std::vector<std::string> all;
            for (const auto& [known, what] : names) all.push_back(known);
            std::sort(all.begin(), all.end());
            report(Code::kUnknownName, node.member.span,
                   fmt::format("module `{}` has no `{}`", object->name, node.member.text));
            return no_value(node.span);
        }
        if (found->second.kind == ModuleName::Kind::kModule) {
            fn_->emit(Op::kLoadModule, node.span, found->second.index);
            return;
        }
    }
    expr(*node.object);
    fn_->emit(Op::kMember, node.member.span, tables_.string(node.member.text));
}

void Lowerer::slice(const ast::SliceExpr& node) {
    expr(*node.object);
    node.begin ? expr(*node.begin) : null(node.span);
    node.end ? expr(*node.end) : null(node.span);
    fn_->emit(Op::kSlice, node.span);
}

// i++ has the value from before.
void Lowerer::step(const ast::StepExpr& node, bool value_wanted) {
    std::int64_t amount = node.increment ? 1 : -1;
    if (const auto* target = ast::try_as<ast::NameExpr>(node.target.get())) {
        Resolved resolved = resolve(target->name);
        if (resolved.kind == Resolved::Kind::kNothing) unknown_name(target->name, target->span);
        if (value_wanted) load(resolved, target->name, target->span);
        bool direct = resolved.kind == Resolved::Kind::kLocal && resolved.local->type_check == script::kNone &&
                      (resolved.local->binding == Binding::kPlain || resolved.local->binding == Binding::kMutable);
        if (direct) {
            fn_->emit(Op::kAddLocalInt, node.span, static_cast<std::uint32_t>(amount), resolved.local->slot);
            return;
        }
        load(resolved, target->name, target->span);
        constant_int(amount, node.span);
        fn_->emit(Op::kAdd, node.span);
        store(resolved, target->name, node.span);
        return;
    }
    const auto* member = ast::try_as<ast::MemberExpr>(node.target.get());
    const auto* index = ast::try_as<ast::IndexExpr>(node.target.get());
    if (!member && !index) {
        return value_wanted ? no_value(node.span) : mistaken_statement(node.span);  // the parser has said so
    }
    std::uint16_t before = fn_->hidden_slot(node.span);
    expr(member ? *member->object : *index->object);
    if (index) expr(*index->index);
    fn_->emit(member ? Op::kDup : Op::kDup2, node.span);
    member ? fn_->emit(Op::kMember, node.span, tables_.string(member->member.text)) : fn_->emit(Op::kIndex, node.span);
    fn_->emit(Op::kStoreLocal, node.span, 0, before);
    fn_->emit(Op::kLoadLocal, node.span, 0, before);
    constant_int(amount, node.span);
    fn_->emit(Op::kAdd, node.span);
    member ? fn_->emit(Op::kSetMember, node.span, tables_.string(member->member.text))
           : fn_->emit(Op::kSetIndex, node.span);
    if (value_wanted) fn_->emit(Op::kLoadLocal, node.span, 0, before);
}

std::size_t Lowerer::jump_unless(const ast::Expr& condition) {
    const auto* compare = ast::try_as<ast::BinaryExpr>(&condition);
    if (compare && (compare->op == ast::BinaryOp::kLess || compare->op == ast::BinaryOp::kEqual)) {
        expr(*compare->left);
        expr(*compare->right);
        return fn_->emit(compare->op == ast::BinaryOp::kLess ? Op::kJumpUnlessLess : Op::kJumpUnlessEqual,
                         condition.span);
    }
    expr(condition);
    return fn_->emit(Op::kJumpIfFalse, condition.span);
}

}  // namespace nyx::lower
