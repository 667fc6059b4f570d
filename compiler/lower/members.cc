// Members, elements and slices, `a?.b`, `i++`.
#include <algorithm>

#include "compiler/lower/chains.h"
#include "compiler/lower/lowerer.h"

namespace nyx::lower {

using diagnostics::Code;

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

void Lowerer::write(const ast::MemberExpr& node) {
    check_context(node);
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

void Lowerer::write(const ast::IndexExpr& node) {
    expr(*node.object);
    expr(*node.index);
    fn_->emit(Op::kIndex, node.span);
}

void Lowerer::write(const ast::SliceExpr& node) {
    expr(*node.object);
    node.begin ? expr(*node.begin) : null(node.span);
    node.end ? expr(*node.end) : null(node.span);
    fn_->emit(Op::kSlice, node.span);
}

void Lowerer::write(const ast::StepExpr& node) {
    step(node, true);
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

}  // namespace nyx::lower
