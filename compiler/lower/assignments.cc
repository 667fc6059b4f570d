// Variables that are declared, and what is assigned to names, members and elements.
#include "compiler/lower/lowerer.h"

namespace nyx::lower {

using diagnostics::Code;

namespace {

Op compound_op(ast::BinaryOp op) {
    return static_cast<Op>(static_cast<int>(Op::kAdd) + static_cast<int>(op));
}

}  // namespace

// The value is on the stack; a closure that took an earlier variable of this place keeps that one.
void Lowerer::store_new(const ast::Ident& ident, Binding binding, std::uint32_t check, Span span) {
    LocalVariable& local = fn_->declare(ident.text, binding, ident.span);
    local.type_check = check;
    fn_->emit(Op::kCloseLocal, span, 0, local.slot);
    fn_->emit(Op::kStoreLocal, span, 0, local.slot);
}

void Lowerer::write(const ast::LetStmt& node) {
    std::uint32_t check = script::kNone;
    if (node.type && node.names.size() == 1) {
        std::string subject = fmt::format("`{}`", node.names[0].text);
        check = type_check(*node.type, subject);
        if (node.value) check_literal(*node.type, *node.value, subject);
    }
    node.value ? expr(*node.value) : null(node.span);
    if (node.names.size() > 1) {
        fn_->emit(Op::kUnpack, node.span, 0, node.names.size());
    } else if (check != script::kNone && node.value) {
        fn_->emit(Op::kCoerce, node.value->span, check);
    }
    Binding binding = binding_of(node.binding);
    if (!node.value && binding == Binding::kLet) binding = Binding::kMutable;  // its value comes later
    for (const ast::Ident& ident : node.names) {
        bool in_module = fn_->is_module_body && !fn_->in_block();
        in_module ? let_in_module(ident, node, check, binding) : let_local(ident, node, check, binding);
    }
}

void Lowerer::let_in_module(const ast::Ident& ident, const ast::LetStmt& node, std::uint32_t check, Binding binding) {
    auto found = scope_->names.find(ident.text);
    if (found == scope_->names.end() || found->second.kind == ModuleName::Kind::kModule) {
        fn_->emit(Op::kPop, node.span);
        return;
    }
    found->second.type_check = check;
    if (!node.value) found->second.binding = binding;
    fn_->emit(Op::kStoreGlobal, node.span, found->second.index);
}

void Lowerer::let_local(const ast::Ident& ident, const ast::LetStmt& node, std::uint32_t check, Binding binding) {
    if (const LocalVariable* known = fn_->find_in_scope(ident.text); known && known->binding != Binding::kPlain) {
        report(Code::kDuplicateName, ident.span, fmt::format("`{}` is declared twice", ident.text), "again here")
            .label(known->where, "first here");
    }
    store_new(ident, binding, check, node.span);
}

void Lowerer::write(const ast::AssignStmt& node) {
    if (assignment_of_handler(node)) return mistaken_statement(node.span);
    if (node.op) return compound(node);
    if (const auto* member = ast::try_as<ast::MemberExpr>(node.target.get())) {
        expr(*member->object);
        expr(*node.value);
        check_own_field(*member, node.value->span);
        fn_->emit(Op::kSetMember, node.span, tables_.string(member->member.text));
    } else if (const auto* index = ast::try_as<ast::IndexExpr>(node.target.get())) {
        expr(*index->object);
        expr(*index->index);
        expr(*node.value);
        fn_->emit(Op::kSetIndex, node.span);
    } else {
        expr(*node.value);
        assign_to(*node.target, node.target->span);
    }
}

// The value on the stack goes into a field of the class that is being written; its declaration may have a type.
void Lowerer::check_own_field(const ast::MemberExpr& member, Span value) {
    const auto* object = ast::try_as<ast::NameExpr>(member.object.get());
    bool own = class_ && object && (object->name == "self" || object->name == "this");
    for (const ClassSummary* cls = own ? class_ : nullptr; cls; cls = cls->base) {
        for (const ast::FieldDecl& field : cls->decl->fields) {
            if (!field.type || field.name.text != member.member.text) continue;
            fn_->emit(Op::kCoerce, value, type_check(*field.type, fmt::format("field `{}`", field.name.text)));
        }
    }
}

void Lowerer::assign_to(const ast::Expr& target, Span span) {
    if (const auto* name = ast::try_as<ast::NameExpr>(&target)) return assign_name(name->name, span);
    if (const auto* tuple = ast::try_as<ast::TupleExpr>(&target)) {
        fn_->emit(Op::kUnpack, span, 0, tuple->elements.size());
        for (const ast::ExprPtr& element : tuple->elements) assign_to(*element, element->span);
        return;
    }
    const auto* member = ast::try_as<ast::MemberExpr>(&target);
    const auto* index = ast::try_as<ast::IndexExpr>(&target);
    if (!member && !index) {
        fn_->emit(Op::kPop, span);  // the parser has said that this cannot be assigned to
        return mistaken_statement(span);
    }
    std::uint16_t value = fn_->hidden_slot(span);
    fn_->emit(Op::kStoreLocal, span, 0, value);
    expr(member ? *member->object : *index->object);
    if (index) expr(*index->index);
    fn_->emit(Op::kLoadLocal, span, 0, value);
    member ? fn_->emit(Op::kSetMember, span, tables_.string(member->member.text)) : fn_->emit(Op::kSetIndex, span);
}

void Lowerer::compound(const ast::AssignStmt& node) {
    Op op = compound_op(*node.op);
    if (const auto* name = ast::try_as<ast::NameExpr>(node.target.get())) {
        Resolved resolved = resolve(name->name);
        if (resolved.kind == Resolved::Kind::kNothing) unknown_name(name->name, name->span);
        load(resolved, name->name, name->span);
        expr(*node.value);
        fn_->emit(op, node.span);
        return store(resolved, name->name, name->span);
    }
    const auto* member = ast::try_as<ast::MemberExpr>(node.target.get());
    const auto* index = ast::try_as<ast::IndexExpr>(node.target.get());
    if (!member && !index) return mistaken_statement(node.span);  // the parser has said so
    expr(member ? *member->object : *index->object);
    if (index) expr(*index->index);
    fn_->emit(member ? Op::kDup : Op::kDup2, node.span);
    member ? fn_->emit(Op::kMember, node.span, tables_.string(member->member.text)) : fn_->emit(Op::kIndex, node.span);
    expr(*node.value);
    fn_->emit(op, node.span);
    member ? fn_->emit(Op::kSetMember, node.span, tables_.string(member->member.text))
           : fn_->emit(Op::kSetIndex, node.span);
}

}  // namespace nyx::lower
