// Names in statements, in the order in which lower reads them.
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
        case ast::StmtKind::kAssignStmt:
            return assign(ast::as<ast::AssignStmt>(node));
        case ast::StmtKind::kBlockStmt:
            return block(ast::as<ast::BlockStmt>(node).body, node.span);
        case ast::StmtKind::kIfStmt:
            return if_stmt(ast::as<ast::IfStmt>(node));
        case ast::StmtKind::kWhileStmt:
            expr(*ast::as<ast::WhileStmt>(node).condition);
            return block(ast::as<ast::WhileStmt>(node).body, node.span);
        case ast::StmtKind::kForStmt:
            return for_stmt(ast::as<ast::ForStmt>(node));
        case ast::StmtKind::kForInStmt:
            return for_in(ast::as<ast::ForInStmt>(node));
        case ast::StmtKind::kSwitchStmt:
            return switch_stmt(ast::as<ast::SwitchStmt>(node));
        case ast::StmtKind::kMatchStmt:
            return match_stmt(ast::as<ast::MatchStmt>(node));
        case ast::StmtKind::kReturnStmt:
            if (const ast::Expr* value = ast::as<ast::ReturnStmt>(node).value.get()) expr(*value);
            return;
        case ast::StmtKind::kTryStmt:
            return try_stmt(ast::as<ast::TryStmt>(node));
        case ast::StmtKind::kThrowStmt:
            return expr(*ast::as<ast::ThrowStmt>(node).value);
        case ast::StmtKind::kAssertStmt:
            expr(*ast::as<ast::AssertStmt>(node).condition);
            if (const ast::Expr* message = ast::as<ast::AssertStmt>(node).message.get()) expr(*message);
            return;
        case ast::StmtKind::kFnDecl:
            return fn_decl(ast::as<ast::FnDecl>(node));
        case ast::StmtKind::kClassDecl:
            return class_decl(ast::as<ast::ClassDecl>(node));
        case ast::StmtKind::kModuleDecl:
            return module_decl(ast::as<ast::ModuleDecl>(node));
        case ast::StmtKind::kTypeAliasStmt:
            return type_alias(ast::as<ast::TypeAliasStmt>(node));
        case ast::StmtKind::kMachineDecl:
            return machine(ast::as<ast::MachineDecl>(node));
        case ast::StmtKind::kSchemaDecl:
            return schema_decl(ast::as<ast::SchemaDecl>(node));
        case ast::StmtKind::kDeviceDecl:
            return device_decl(ast::as<ast::DeviceDecl>(node));
        default:
            return;  // nothing in it has a name, or it was refused
    }
}

void Binder::assign(const ast::AssignStmt& node) {
    if (node.op) {
        expr(*node.target);
        return expr(*node.value);
    }
    bool place = node.target->kind == ast::ExprKind::kMemberExpr || node.target->kind == ast::ExprKind::kIndexExpr;
    if (place) expr(*node.target);
    expr(*node.value);
    if (!place) target(*node.target);
}

void Binder::if_stmt(const ast::IfStmt& node) {
    expr(*node.condition);
    block(node.then_body, node.span);
    block(node.else_body, node.span);
}

void Binder::for_in(const ast::ForInStmt& node) {
    push_scope(node.span);
    expr(*node.iterable);
    for (const ast::Ident& name : node.names) declare(name, SymbolKind::kVariable, name.span);
    block(node.body, node.span);
    pop_scope();
}

void Binder::switch_stmt(const ast::SwitchStmt& node) {
    expr(*node.subject);
    for (const ast::SwitchCase& one : node.cases) {
        for (const ast::ExprPtr& value : one.values) expr(*value);
        if (!one.values.empty()) block(one.body, one.span);
    }
    for (const ast::SwitchCase& one : node.cases) {
        if (one.values.empty()) block(one.body, one.span);
    }
}

void Binder::type_alias(const ast::TypeAliasStmt& node) {
    auto& aliases = data_.modules[module_].aliases;
    if (!aliases.contains(node.name.text)) {
        SymbolId symbol = add_symbol(SymbolKind::kTypeAlias, node.name, node.span, frame_->owner);
        note(node.name, symbol);
        aliases[node.name.text] = {symbol, &node.type};
    }
    data_.symbols[aliases[node.name.text].first].type = type(node.type);
}

void Binder::schema_decl(const ast::SchemaDecl& node) {
    for (const ast::FieldDecl& field : node.fields) {
        const SymbolId symbol = data_.bound_to(&field.name);  // none, where a schema cannot stand
        if (field.type && symbol != kNoSymbol) data_.symbols[symbol].type = type(*field.type);
    }
}

// Its code is compiler/device's.
void Binder::device_decl(const ast::DeviceDecl& node) {
    for (const ast::Parameter& parameter : node.parameters) {
        const SymbolId symbol = data_.bound_to(&parameter.name);
        if (parameter.type && symbol != kNoSymbol) data_.symbols[symbol].type = type(*parameter.type);
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

}  // namespace nyx::analyze
