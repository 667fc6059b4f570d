#include <algorithm>

#include "compiler/lower/lowerer.h"
#include "compiler/syntax/placement.h"

namespace nyx::lower {

using diagnostics::Code;

namespace {

bool is_constant(const Resolved& resolved) {
    if (resolved.kind == Resolved::Kind::kModuleName) return resolved.name->binding == Binding::kConst;
    return resolved.local && resolved.local->binding == Binding::kConst;
}

Op compound_op(ast::BinaryOp op) {
    return static_cast<Op>(static_cast<int>(Op::kAdd) + static_cast<int>(op));
}

}  // namespace

void Lowerer::block(const ast::StmtList& body) {
    fn_->push_scope();
    statements(body);
    fn_->pop_scope();
}

void Lowerer::statements(const ast::StmtList& body) {
    for (const ast::StmtPtr& node : body) stmt(*node);
}

void Lowerer::stmt(const ast::Stmt& node) {
    std::uint32_t begin = fn_->here();
    stmt_of_kind(node);
    fn_->end_statement(begin);
}

void Lowerer::stmt_of_kind(const ast::Stmt& node) {
    switch (node.kind) {
        case ast::StmtKind::kExprStmt: {
            const ast::Expr& value = *ast::as<ast::ExprStmt>(node).expr;
            if (const auto* counted = ast::try_as<ast::StepExpr>(&value)) return step(*counted, false);
            expr(value);
            fn_->emit(Op::kPop, node.span);
            break;
        }
        case ast::StmtKind::kLetStmt:
            let(ast::as<ast::LetStmt>(node));
            break;
        case ast::StmtKind::kAssignStmt:
            assign(ast::as<ast::AssignStmt>(node));
            break;
        case ast::StmtKind::kBlockStmt:
            block(ast::as<ast::BlockStmt>(node).body);
            break;
        case ast::StmtKind::kIfStmt:
            if_stmt(ast::as<ast::IfStmt>(node));
            break;
        case ast::StmtKind::kWhileStmt:
            while_stmt(ast::as<ast::WhileStmt>(node));
            break;
        case ast::StmtKind::kForStmt:
            for_stmt(ast::as<ast::ForStmt>(node));
            break;
        case ast::StmtKind::kForInStmt:
            for_in(ast::as<ast::ForInStmt>(node));
            break;
        case ast::StmtKind::kSwitchStmt:
            switch_stmt(ast::as<ast::SwitchStmt>(node));
            break;
        case ast::StmtKind::kMatchStmt:
            match_stmt(ast::as<ast::MatchStmt>(node));
            break;
        case ast::StmtKind::kBreakStmt:
            leave_loop(true, node.span);
            break;
        case ast::StmtKind::kContinueStmt:
            leave_loop(false, node.span);
            break;
        case ast::StmtKind::kReturnStmt:
            return_stmt(ast::as<ast::ReturnStmt>(node));
            break;
        case ast::StmtKind::kTryStmt:
            try_stmt(ast::as<ast::TryStmt>(node));
            break;
        case ast::StmtKind::kThrowStmt:
            expr(*ast::as<ast::ThrowStmt>(node).value);
            fn_->emit(Op::kThrow, node.span);
            break;
        case ast::StmtKind::kAssertStmt:
            assert_stmt(ast::as<ast::AssertStmt>(node));
            break;
        case ast::StmtKind::kPassStmt:
            break;
        case ast::StmtKind::kFnDecl:
            fn_decl(ast::as<ast::FnDecl>(node));
            break;
        case ast::StmtKind::kClassDecl:
            class_decl(ast::as<ast::ClassDecl>(node));
            break;
        case ast::StmtKind::kModuleDecl:
            module_decl(ast::as<ast::ModuleDecl>(node));
            break;
        case ast::StmtKind::kImportStmt:
            if (!fn_->is_module_body || fn_->in_block()) {
                report(Code::kMisplaced, first_word(node.span), "imports stand at the top of a file or module");
            } else if (missing_imports_.contains(&ast::as<ast::ImportStmt>(node))) {
                mistaken_statement(node.span);
            }
            break;
        case ast::StmtKind::kTypeAliasStmt:
            type(ast::as<ast::TypeAliasStmt>(node).type);
            scope_->aliases.emplace(ast::as<ast::TypeAliasStmt>(node).name.text,
                                    &ast::as<ast::TypeAliasStmt>(node).type);
            break;
        case ast::StmtKind::kMachineDecl:
            machine(ast::as<ast::MachineDecl>(node));
            break;
        case ast::StmtKind::kSchemaDecl:
            break;  // compiler/check reads it from the tree
        case ast::StmtKind::kDeviceStmt:
        case ast::StmtKind::kRequireStmt:
            mistaken_statement(node.span);  // the parser has said that it stands outside a machine
            break;
        case ast::StmtKind::kOnStmt:
            not_in_this_build(node.span, "`on` handlers");
            break;
        case ast::StmtKind::kTestStmt:
            not_in_this_build(node.span, "`test` blocks");
            break;
        case ast::StmtKind::kErrorStmt:
            mistaken_statement(node.span);
            break;
    }
    if (fn_->too_many_locals()) report(Code::kTooLarge, node.span, "this function has too many variables");
}

// The value is on the stack; a closure that took an earlier variable of this place keeps that one.
void Lowerer::store_new(const ast::Ident& ident, Binding binding, std::uint32_t check, Span span) {
    LocalVariable& local = fn_->declare(ident.text, binding, ident.span);
    local.type_check = check;
    fn_->emit(Op::kCloseLocal, span, 0, local.slot);
    fn_->emit(Op::kStoreLocal, span, 0, local.slot);
}

void Lowerer::let(const ast::LetStmt& node) {
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
    Binding binding = node.binding == ast::LetKind::kConst ? Binding::kConst
                      : node.binding == ast::LetKind::kLet ? Binding::kLet
                                                           : Binding::kMutable;
    if (!node.value && binding == Binding::kLet) binding = Binding::kMutable;  // its value comes later
    for (const ast::Ident& ident : node.names) {
        if (fn_->is_module_body && !fn_->in_block()) {
            auto found = scope_->names.find(ident.text);
            if (found == scope_->names.end() || found->second.kind == ModuleName::Kind::kModule) {
                fn_->emit(Op::kPop, node.span);
                continue;
            }
            found->second.type_check = check;
            if (!node.value) found->second.binding = binding;
            fn_->emit(Op::kStoreGlobal, node.span, found->second.index);
            continue;
        }
        if (const LocalVariable* known = fn_->find_in_scope(ident.text); known && known->binding != Binding::kPlain) {
            report(Code::kDuplicateName, ident.span, fmt::format("`{}` is declared twice", ident.text), "again here")
                .label(known->where, "first here");
        }
        store_new(ident, binding, check, node.span);
    }
}

void Lowerer::assign(const ast::AssignStmt& node) {
    if (node.op) return compound(node);
    if (const auto* member = ast::try_as<ast::MemberExpr>(node.target.get())) {
        expr(*member->object);
        expr(*node.value);
        const auto* object = ast::try_as<ast::NameExpr>(member->object.get());
        bool own = class_ && object && (object->name == "self" || object->name == "this");
        for (const ClassSummary* cls = own ? class_ : nullptr; cls; cls = cls->base) {
            for (const ast::FieldDecl& field : cls->decl->fields) {
                if (!field.type || field.name.text != member->member.text) continue;
                fn_->emit(Op::kCoerce, node.value->span,
                          type_check(*field.type, fmt::format("field `{}`", field.name.text)));
            }
        }
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

// ---- Branches and loops ---------------------------------------------------------------------------------------------

void Lowerer::if_stmt(const ast::IfStmt& node) {
    std::size_t otherwise = jump_unless(*node.condition);
    block(node.then_body);
    if (node.else_body.empty()) return fn_->point_here(otherwise);
    std::size_t done = fn_->emit(Op::kJump, node.span);
    fn_->point_here(otherwise);
    block(node.else_body);
    fn_->point_here(done);
}

void Lowerer::while_stmt(const ast::WhileStmt& node) {
    std::uint32_t start = fn_->here();
    std::size_t exit = jump_unless(*node.condition);
    fn_->enclosing.emplace_back().is_loop = true;
    block(node.body);
    Enclosing loop = std::move(fn_->enclosing.back());
    fn_->enclosing.pop_back();
    fn_->point_here(loop.continues);
    fn_->emit(Op::kLoop, node.span, start);
    fn_->point_here(exit);
    fn_->point_here(loop.breaks);
}

void Lowerer::for_stmt(const ast::ForStmt& node) {
    fn_->push_scope();
    // `for (i = 0; …)` has an i of its own unless there is one.
    const auto* first = ast::try_as<ast::AssignStmt>(node.init.get());
    const auto* counter = first && !first->op ? ast::try_as<ast::NameExpr>(first->target.get()) : nullptr;
    const bool is_variable = counter && !fn_->is_module_body && fn_->find(counter->name);
    if (counter && !is_variable) {
        expr(*first->value);
        store_new({counter->name, counter->span}, Binding::kPlain, script::kNone, counter->span);
    } else if (node.init) {
        stmt(*node.init);
    }
    std::uint32_t start = fn_->here();
    std::optional<std::size_t> exit;
    if (node.condition) exit = jump_unless(*node.condition);
    fn_->enclosing.emplace_back().is_loop = true;
    block(node.body);
    Enclosing loop = std::move(fn_->enclosing.back());
    fn_->enclosing.pop_back();
    fn_->point_here(loop.continues);
    if (node.step) stmt(*node.step);
    fn_->emit(Op::kLoop, node.span, start);
    if (exit) fn_->point_here(*exit);
    fn_->point_here(loop.breaks);
    fn_->pop_scope();
}

void Lowerer::for_in(const ast::ForInStmt& node) {
    fn_->push_scope();
    std::uint16_t iterator = fn_->hidden_slot(node.span);
    expr(*node.iterable);
    fn_->emit(Op::kIterInit, node.iterable->span, 0, iterator);
    std::uint32_t start = fn_->here();
    std::size_t exit = next_item(node.names, iterator, node.iterable->span);
    fn_->enclosing.emplace_back().is_loop = true;
    block(node.body);
    Enclosing loop = std::move(fn_->enclosing.back());
    fn_->enclosing.pop_back();
    fn_->point_here(loop.continues);
    fn_->emit(Op::kLoop, node.span, start);
    fn_->point_here(exit);
    fn_->point_here(loop.breaks);
    fn_->pop_scope();
}

// One round's item, or the jump out of the loop, whose place this gives. Two names get key and value; more take the
// item apart.
std::size_t Lowerer::next_item(const std::vector<ast::Ident>& names, std::uint16_t iterator, Span span) {
    auto declare = [this](const ast::Ident& ident) { store_new(ident, Binding::kPlain, script::kNone, ident.span); };
    std::size_t exit = fn_->emit(names.size() == 2 ? Op::kIterNext2 : Op::kIterNext, span, 0, iterator);
    if (names.size() > 2) {
        fn_->emit(Op::kUnpack, span, 0, names.size());
        std::for_each(names.begin(), names.end(), declare);
    } else {
        std::for_each(names.rbegin(), names.rend(), declare);
    }
    return exit;
}

void Lowerer::switch_stmt(const ast::SwitchStmt& node) {
    fn_->push_scope();
    std::uint16_t subject = fn_->hidden_slot(node.span);
    expr(*node.subject);
    fn_->emit(Op::kStoreLocal, node.span, 0, subject);
    std::vector<std::size_t> done;
    const ast::SwitchCase* fallback = nullptr;
    for (const ast::SwitchCase& one : node.cases) {
        if (one.values.empty()) {
            fallback = &one;
            continue;
        }
        std::vector<std::size_t> hits;
        for (const ast::ExprPtr& value : one.values) {
            fn_->emit(Op::kLoadLocal, value->span, 0, subject);
            expr(*value);
            fn_->emit(Op::kMatches, value->span);
            hits.push_back(fn_->emit(Op::kJumpIfTrue, value->span));
        }
        std::size_t miss = fn_->emit(Op::kJump, one.span);
        fn_->point_here(hits);
        block(one.body);
        done.push_back(fn_->emit(Op::kJump, one.span));
        fn_->point_here(miss);
    }
    if (fallback) block(fallback->body);
    fn_->point_here(done);
    fn_->pop_scope();
}

// A bare name binds the subject, unless it is a constant or a class; every other pattern is compared with it.
void Lowerer::match_stmt(const ast::MatchStmt& node) {
    fn_->push_scope();
    std::uint16_t subject = fn_->hidden_slot(node.span);
    expr(*node.subject);
    fn_->emit(Op::kStoreLocal, node.span, 0, subject);
    std::vector<std::size_t> done;
    for (const ast::MatchArm& arm : node.arms) {
        fn_->push_scope();
        std::vector<std::size_t> hits;
        bool always = arm.patterns.empty();
        for (const ast::ExprPtr& pattern : arm.patterns) {
            fn_->emit(Op::kLoadLocal, pattern->span, 0, subject);
            const auto* name = ast::try_as<ast::NameExpr>(pattern.get());
            if (name && !is_constant(resolve(name->name))) {
                store_new({name->name, name->span}, Binding::kPlain, script::kNone, name->span);
                always = true;
                break;
            }
            expr(*pattern);
            fn_->emit(Op::kMatches, pattern->span);
            hits.push_back(fn_->emit(Op::kJumpIfTrue, pattern->span));
        }
        std::vector<std::size_t> misses;
        if (!always) misses.push_back(fn_->emit(Op::kJump, arm.span));
        fn_->point_here(hits);
        if (arm.guard) misses.push_back(jump_unless(*arm.guard));
        block(arm.body);
        done.push_back(fn_->emit(Op::kJump, arm.span));
        fn_->point_here(misses);
        fn_->pop_scope();
    }
    fn_->point_here(done);
    fn_->pop_scope();
}

// ---- Leaving --------------------------------------------------------------------------------------------------------

// The innermost loop, or a finally on the way to it, which then does the rest.
void Lowerer::leave_loop(bool is_break, Span span) {
    if (fn_->enclosing.empty() ||
        std::none_of(fn_->enclosing.begin(), fn_->enclosing.end(), [](const Enclosing& one) { return one.is_loop; })) {
        report(Code::kMisplaced, span, fmt::format("`{}` stands outside a loop", is_break ? "break" : "continue"));
        return;
    }
    Enclosing& inner = fn_->enclosing.back();
    if (!inner.is_loop) {
        using Kind = Enclosing::Exit::Kind;
        fn_->emit(Op::kInt, span, static_cast<std::uint32_t>(inner.exits.size() + 2));
        fn_->emit(Op::kStoreLocal, span, 0, inner.kind_slot);
        inner.exits.push_back({is_break ? Kind::kBreak : Kind::kContinue, fn_->emit(Op::kJump, span)});
        return;
    }
    (is_break ? inner.breaks : inner.continues).push_back(fn_->emit(Op::kJump, span));
}

void Lowerer::leave_function(Span span) {
    for (auto around = fn_->enclosing.rbegin(); around != fn_->enclosing.rend(); ++around) {
        if (around->is_loop) continue;
        fn_->emit(Op::kStoreLocal, span, 0, around->value_slot);
        fn_->emit(Op::kInt, span, static_cast<std::uint32_t>(around->exits.size() + 2));
        fn_->emit(Op::kStoreLocal, span, 0, around->kind_slot);
        around->exits.push_back({Enclosing::Exit::Kind::kReturn, fn_->emit(Op::kJump, span)});
        return;
    }
    fn_->emit(Op::kReturn, span);
}

Span Lowerer::first_word(Span statement) const {
    return syntax::first_word(sources_.file(statement.file).text, statement);
}

void Lowerer::return_stmt(const ast::ReturnStmt& node) {
    if (fn_->is_module_body || fn_->is_machine) {
        report(Code::kMisplaced, first_word(node.span), "`return` stands outside a function");
        return;
    }
    node.value ? expr(*node.value) : null(node.span);
    if (fn_->result_check != script::kNone) {
        if (node.value && fn_->source) check_literal(*fn_->source->result, *node.value, "the result");
        fn_->emit(Op::kCoerce, node.value ? node.value->span : node.span, fn_->result_check);
    }
    leave_function(node.span);
}

// ---- Errors ---------------------------------------------------------------------------------------------------------

void Lowerer::try_stmt(const ast::TryStmt& node) {
    bool has_finally = !node.finally_body.empty();
    fn_->push_scope();
    if (has_finally) {
        Enclosing around;
        around.kind_slot = fn_->hidden_slot(node.span);
        around.value_slot = fn_->hidden_slot(node.span);
        fn_->emit(Op::kInt, node.span, 0);
        fn_->emit(Op::kStoreLocal, node.span, 0, around.kind_slot);
        fn_->enclosing.push_back(std::move(around));
    }
    std::uint32_t begin = fn_->here();
    block(node.body);
    std::uint32_t end = fn_->here();
    if (node.has_catch) {
        std::size_t done = fn_->emit(Op::kJump, node.span);
        if (begin != end) fn_->function.handlers.push_back({begin, end, fn_->here(), 0});
        fn_->push_scope();
        if (begin == end) null(node.span);  // unreachable, but the code below takes one value
        fn_->emit(Op::kUnwrap, node.span);
        if (node.catch_name) {
            store_new(*node.catch_name, Binding::kPlain, script::kNone, node.catch_name->span);
        } else {
            fn_->emit(Op::kPop, node.span);
        }
        statements(node.catch_body);
        fn_->pop_scope();
        fn_->point_here(done);
    }
    if (has_finally) {
        std::uint32_t last = fn_->here();
        if (begin != last) {
            std::size_t done = fn_->emit(Op::kJump, node.span);
            fn_->function.handlers.push_back({begin, last, fn_->here(), 0});
            fn_->emit(Op::kStoreLocal, node.span, 0, fn_->enclosing.back().value_slot);
            fn_->emit(Op::kInt, node.span, 1);
            fn_->emit(Op::kStoreLocal, node.span, 0, fn_->enclosing.back().kind_slot);
            fn_->point_here(done);
        }
        finish_finally(node);
    }
    fn_->pop_scope();
}

// The finally itself, and then what was under way: 0 nothing, 1 an error, 2 and more an exit.
void Lowerer::finish_finally(const ast::TryStmt& node) {
    Enclosing around = std::move(fn_->enclosing.back());
    fn_->enclosing.pop_back();
    for (const Enclosing::Exit& exit : around.exits) fn_->point_here(exit.jump);
    block(node.finally_body);
    auto unless_kind = [&](std::uint32_t kind) {
        fn_->emit(Op::kLoadLocal, node.span, 0, around.kind_slot);
        fn_->emit(Op::kInt, node.span, kind);
        return fn_->emit(Op::kJumpUnlessEqual, node.span);
    };
    std::size_t next = unless_kind(1);
    fn_->emit(Op::kLoadLocal, node.span, 0, around.value_slot);
    fn_->emit(Op::kRethrow, node.span);
    fn_->point_here(next);
    for (std::size_t i = 0; i < around.exits.size(); ++i) {
        next = unless_kind(static_cast<std::uint32_t>(i + 2));
        if (around.exits[i].kind == Enclosing::Exit::Kind::kReturn) {
            fn_->emit(Op::kLoadLocal, node.span, 0, around.value_slot);
            leave_function(node.span);
        } else {
            leave_loop(around.exits[i].kind == Enclosing::Exit::Kind::kBreak, node.span);
        }
        fn_->point_here(next);
    }
}

void Lowerer::assert_stmt(const ast::AssertStmt& node) {
    expr(*node.condition);
    std::size_t good = fn_->emit(Op::kJumpIfTrue, node.condition->span);
    node.message ? expr(*node.message) : null(node.span);
    fn_->emit(Op::kAssertFail, node.condition->span);
    fn_->point_here(good);
}

}  // namespace nyx::lower
