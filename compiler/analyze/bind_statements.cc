// Names in statements and expressions, in the order in which lower reads them.
#include "compiler/analyze/bind.h"

namespace nyx::analyze {

void Binder::block(const ast::StmtList& body, Span around) {
    push_scope(block_span(body, around));
    statements(body);
    pop_scope();
}

void Binder::statements(const ast::StmtList& body) {
    for (const ast::StmtPtr& node : body) stmt(*node);
}

void Binder::stmt(const ast::Stmt& node) {
    switch (node.kind) {
        case ast::StmtKind::kExprStmt:
            return expr(*ast::as<ast::ExprStmt>(node).expr);
        case ast::StmtKind::kLetStmt:
            return let(ast::as<ast::LetStmt>(node));
        case ast::StmtKind::kAssignStmt: {
            const auto& assign = ast::as<ast::AssignStmt>(node);
            if (assign.op) {
                expr(*assign.target);
                return expr(*assign.value);
            }
            bool place =
                assign.target->kind == ast::ExprKind::kMemberExpr || assign.target->kind == ast::ExprKind::kIndexExpr;
            if (place) expr(*assign.target);
            expr(*assign.value);
            if (!place) target(*assign.target);
            return;
        }
        case ast::StmtKind::kBlockStmt:
            return block(ast::as<ast::BlockStmt>(node).body, node.span);
        case ast::StmtKind::kIfStmt: {
            const auto& branch = ast::as<ast::IfStmt>(node);
            expr(*branch.condition);
            block(branch.then_body, node.span);
            return block(branch.else_body, node.span);
        }
        case ast::StmtKind::kWhileStmt:
            expr(*ast::as<ast::WhileStmt>(node).condition);
            return block(ast::as<ast::WhileStmt>(node).body, node.span);
        case ast::StmtKind::kForStmt:
            return for_stmt(ast::as<ast::ForStmt>(node));
        case ast::StmtKind::kForInStmt: {
            const auto& loop = ast::as<ast::ForInStmt>(node);
            push_scope(node.span);
            expr(*loop.iterable);
            for (const ast::Ident& name : loop.names) declare(name, SymbolKind::kVariable, name.span);
            block(loop.body, node.span);
            return pop_scope();
        }
        case ast::StmtKind::kSwitchStmt: {
            const auto& choice = ast::as<ast::SwitchStmt>(node);
            expr(*choice.subject);
            for (const ast::SwitchCase& one : choice.cases) {
                for (const ast::ExprPtr& value : one.values) expr(*value);
                if (!one.values.empty()) block(one.body, one.span);
            }
            for (const ast::SwitchCase& one : choice.cases) {
                if (one.values.empty()) block(one.body, one.span);
            }
            return;
        }
        case ast::StmtKind::kMatchStmt:
            return match_stmt(ast::as<ast::MatchStmt>(node));
        case ast::StmtKind::kReturnStmt:
            if (const ast::Expr* value = ast::as<ast::ReturnStmt>(node).value.get()) expr(*value);
            return;
        case ast::StmtKind::kTryStmt:
            return try_stmt(ast::as<ast::TryStmt>(node));
        case ast::StmtKind::kThrowStmt:
            return expr(*ast::as<ast::ThrowStmt>(node).value);
        case ast::StmtKind::kAssertStmt: {
            const auto& check = ast::as<ast::AssertStmt>(node);
            expr(*check.condition);
            if (check.message) expr(*check.message);
            return;
        }
        case ast::StmtKind::kFnDecl:
            return fn_decl(ast::as<ast::FnDecl>(node));
        case ast::StmtKind::kClassDecl:
            return class_decl(ast::as<ast::ClassDecl>(node));
        case ast::StmtKind::kModuleDecl:
            return module_decl(ast::as<ast::ModuleDecl>(node));
        case ast::StmtKind::kTypeAliasStmt: {
            const auto& alias = ast::as<ast::TypeAliasStmt>(node);
            auto& aliases = data_.modules[module_].aliases;
            if (!aliases.contains(alias.name.text)) {
                SymbolId symbol = add_symbol(SymbolKind::kTypeAlias, alias.name, alias.span, frame_->owner);
                note(alias.name, symbol);
                aliases[alias.name.text] = {symbol, &alias.type};
            }
            data_.symbols[aliases[alias.name.text].first].type = type(alias.type);
            return;
        }
        case ast::StmtKind::kMachineDecl:
            return machine(ast::as<ast::MachineDecl>(node));
        case ast::StmtKind::kSchemaDecl:
            for (const ast::FieldDecl& field : ast::as<ast::SchemaDecl>(node).fields) {
                if (field.type) data_.symbols[data_.bound_to(&field.name)].type = type(*field.type);
            }
            return;
        default:
            return;  // nothing in it has a name, or it was refused
    }
}

void Binder::let(const ast::LetStmt& node) {
    Type annotation;
    if (node.type) annotation = type(*node.type);
    if (node.value) expr(*node.value);
    bool changes = node.binding == ast::LetKind::kLetMut || !node.value;
    for (const ast::Ident& ident : node.names) {
        SymbolId symbol = data_.bound_to(&ident);  // the names of a module are there already
        if (symbol == kNoSymbol) {
            symbol = declare(ident, changes ? SymbolKind::kVariable : SymbolKind::kConstant, node.span);
            data_.symbols[symbol].is_pattern = node.binding == ast::LetKind::kConst;
        }
        if (!node.type || node.names.size() != 1) continue;
        data_.symbols[symbol].type = annotation;
        data_.symbols[symbol].annotated = true;
    }
}

void Binder::target(const ast::Expr& node) {
    if (const auto* name = ast::try_as<ast::NameExpr>(&node)) return assign_name(*name);
    const auto* tuple = ast::try_as<ast::TupleExpr>(&node);
    if (!tuple) return expr(node);
    for (const ast::ExprPtr& element : tuple->elements) target(*element);
}

// `for (i = 0; …)` has an i of its own unless there is one.
void Binder::for_stmt(const ast::ForStmt& node) {
    push_scope(node.span);
    const auto* first = ast::try_as<ast::AssignStmt>(node.init.get());
    const auto* counter = first && !first->op ? ast::try_as<ast::NameExpr>(first->target.get()) : nullptr;
    bool is_variable = counter && !frame_->is_module_body && [&] {
        for (const auto& scope : frame_->scopes) {
            if (scope.contains(counter->name)) return true;
        }
        return false;
    }();
    if (counter && !is_variable) {
        expr(*first->value);
        SymbolId symbol = add_symbol(SymbolKind::kVariable, {counter->name, counter->span}, first->span, frame_->owner);
        frame_->scopes.back()[counter->name] = symbol;
        data_.scopes[frame_->entries.back()].symbols.push_back(symbol);
        data_.bound[counter] = symbol;
        data_.refer(counter->span, symbol, true, true);
    } else if (node.init) {
        stmt(*node.init);
    }
    if (node.condition) expr(*node.condition);
    block(node.body, node.span);
    if (node.step) stmt(*node.step);
    pop_scope();
}

// A bare name takes the subject, unless it is a constant or a class.
void Binder::match_stmt(const ast::MatchStmt& node) {
    expr(*node.subject);
    for (const ast::MatchArm& arm : node.arms) {
        push_scope(arm.span);
        for (const ast::ExprPtr& pattern : arm.patterns) {
            const auto* name = ast::try_as<ast::NameExpr>(pattern.get());
            SymbolId known = name ? resolve(name->name) : kNoSymbol;
            if (name && (known == kNoSymbol || !data_.symbols[known].is_pattern)) {
                SymbolId symbol =
                    add_symbol(SymbolKind::kVariable, {name->name, name->span}, name->span, frame_->owner);
                frame_->scopes.back()[name->name] = symbol;
                data_.scopes[frame_->entries.back()].symbols.push_back(symbol);
                data_.bound[name] = symbol;
                data_.refer(name->span, symbol, true, true);
                break;
            }
            expr(*pattern);
        }
        if (arm.guard) expr(*arm.guard);
        block(arm.body, arm.span);
        pop_scope();
    }
}

void Binder::try_stmt(const ast::TryStmt& node) {
    block(node.body, node.span);
    if (node.has_catch) {
        push_scope(block_span(node.catch_body, node.span));
        if (node.catch_name) {
            SymbolId symbol = declare(*node.catch_name, SymbolKind::kVariable, node.catch_name->span);
            data_.symbols[symbol].type = {};  // whatever was thrown
            data_.symbols[symbol].annotated = true;
        }
        statements(node.catch_body);
        pop_scope();
    }
    block(node.finally_body, node.span);
}

void Binder::expr(const ast::Expr& node) {
    switch (node.kind) {
        case ast::ExprKind::kNameExpr:
            if (frame_->is_require || symbolic_) {
                if (symbolic_name(ast::as<ast::NameExpr>(node))) return;
            }
            return use(ast::as<ast::NameExpr>(node));
        case ast::ExprKind::kInterpolatedString:
            for (const ast::ExprPtr& value : ast::as<ast::InterpolatedString>(node).values) expr(*value);
            return;
        case ast::ExprKind::kArrayExpr:
            for (const ast::ExprPtr& element : ast::as<ast::ArrayExpr>(node).elements) expr(*element);
            return;
        case ast::ExprKind::kTupleExpr:
            for (const ast::ExprPtr& element : ast::as<ast::TupleExpr>(node).elements) expr(*element);
            return;
        case ast::ExprKind::kMapExpr:
            for (const ast::MapEntry& entry : ast::as<ast::MapExpr>(node).entries) {
                expr(*entry.key);
                expr(*entry.value);
            }
            return;
        case ast::ExprKind::kComprehension: {
            const auto& list = ast::as<ast::Comprehension>(node);
            push_scope(node.span);
            expr(*list.iterable);
            for (const ast::Ident& name : list.names) declare(name, SymbolKind::kVariable, name.span);
            if (list.condition) expr(*list.condition);
            expr(*list.element);
            return pop_scope();
        }
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
        case ast::ExprKind::kSliceExpr: {
            const auto& slice = ast::as<ast::SliceExpr>(node);
            expr(*slice.object);
            if (slice.begin) expr(*slice.begin);
            if (slice.end) expr(*slice.end);
            return;
        }
        case ast::ExprKind::kMemberExpr:
            return expr(*ast::as<ast::MemberExpr>(node).object);
        case ast::ExprKind::kStepExpr: {
            const ast::Expr& place = *ast::as<ast::StepExpr>(node).target;
            if (const auto* name = ast::try_as<ast::NameExpr>(&place)) return use(*name, true);
            return expr(place);
        }
        case ast::ExprKind::kFnExpr: {
            SymbolId symbol = add_symbol(SymbolKind::kFunction, {"fn", {}}, node.span, frame_->owner);
            data_.bound[&node] = symbol;
            return function(ast::as<ast::FnExpr>(node).fn, symbol, kNone, node.span, node.span);
        }
        default:
            return;  // literals, `super`, errors
    }
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
