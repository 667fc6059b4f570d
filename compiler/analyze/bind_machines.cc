// Names in `machine name { … }`: settings mean fields of schemas, and what nothing declares is a symbol.
#include "compiler/analyze/bind.h"

namespace nyx::analyze {

void Binder::machine(const ast::MachineDecl& node) {
    if (node.name.text.empty()) return;
    SymbolId symbol = data_.bound_to(&node.name);
    if (symbol == kNoSymbol) {
        symbol = declare(node.name, SymbolKind::kMachine, node.span);
        if (!node.is_host) data_.symbols[symbol].type = data_.types.basic(TypeKind::kMachine);
        data_.symbols[symbol].doc = node.doc;
        data_.symbols[symbol].is_pattern = true;
    }
    if (node.base) {
        SymbolId base = find_module_name(module_, node.base->text);
        if (base != kNoSymbol) data_.refer(node.base->span, base);
    }
    std::uint32_t outer = std::exchange(machine_symbol_, symbol);
    in_frame(symbol, node.span, kNone, [&](Frame& frame) {
        frame.is_machine = true;
        machine_body(node.body, node.is_host ? "host_computer" : "machine", node.span);
    });
    machine_symbol_ = outer;
}

void Binder::machine_body(const ast::StmtList& body, const std::string& schema, Span around) {
    push_scope(block_span(body, around));
    for (const ast::StmtPtr& node : body) machine_stmt(*node, schema);
    pop_scope();
}

void Binder::machine_stmt(const ast::Stmt& node, const std::string& schema) {
    switch (node.kind) {
        case ast::StmtKind::kAssignStmt:
            return setting(ast::as<ast::AssignStmt>(node), schema);
        case ast::StmtKind::kDeviceStmt:
            return device(ast::as<ast::DeviceStmt>(node));
        case ast::StmtKind::kRequireStmt: {
            const auto& require = ast::as<ast::RequireStmt>(node);
            in_frame(frame_->owner, require.condition->span, kNone, [&](Frame& frame) {
                frame.is_require = true;
                expr(*require.condition);
            });
            if (require.message) symbolic(*require.message);
            return;
        }
        case ast::StmtKind::kIfStmt: {
            const auto& branch = ast::as<ast::IfStmt>(node);
            expr(*branch.condition);
            machine_body(branch.then_body, schema, node.span);
            return machine_body(branch.else_body, schema, node.span);
        }
        case ast::StmtKind::kForInStmt: {
            const auto& loop = ast::as<ast::ForInStmt>(node);
            push_scope(node.span);
            symbolic(*loop.iterable);
            for (const ast::Ident& name : loop.names) declare(name, SymbolKind::kVariable, name.span);
            machine_body(loop.body, schema, node.span);
            return pop_scope();
        }
        case ast::StmtKind::kLetStmt:
            symbolic_ = true;
            let(ast::as<ast::LetStmt>(node));
            symbolic_ = false;
            return;
        default:
            return stmt(node);
    }
}

void Binder::setting(const ast::AssignStmt& node, const std::string& schema) {
    const auto* name = ast::try_as<ast::NameExpr>(node.target.get());
    bool own = false;
    for (const auto& scope : frame_->scopes) own = own || (name && scope.contains(name->name));
    if (own) return stmt(node);
    symbolic(*node.value);
    if (!name) return;
    SymbolId field = data_.schema_field(schema, name->name);
    if (field == kNoSymbol) return;
    data_.bound[name] = field;
    data_.refer(name->span, field, false, true);
}

void Binder::device(const ast::DeviceStmt& node) {
    auto schema = data_.schema_names.find(node.type.text);
    if (schema != data_.schema_names.end()) data_.refer(node.type.span, data_.schemas[schema->second].symbol);
    const ast::Ident& name = node.name ? *node.name : node.type;
    SymbolId symbol = add_symbol(SymbolKind::kDevice, name, node.span, machine_symbol_);
    data_.symbols[symbol].type = {};
    data_.symbols[symbol].doc = node.doc;
    if (node.name) note(name, symbol);
    machine_body(node.body, node.type.text, node.span);
}

void Binder::symbolic(const ast::Expr& node) {
    symbolic_ = true;
    expr(node);
    symbolic_ = false;
}

// A name in a setting or requirement that is no variable: a schema (`linux`), a field, or a word of its own.
bool Binder::symbolic_name(const ast::NameExpr& node) {
    if (find_local(node.name) != kNoSymbol) return false;
    SymbolId known = frame_->is_require ? kNoSymbol : resolve(node.name);
    if (known != kNoSymbol && data_.symbols[known].kind != SymbolKind::kMachine) return false;
    SymbolId meant = data_.schema_field("machine", node.name);
    auto schema = data_.schema_names.find(node.name);
    if (!frame_->is_require && schema != data_.schema_names.end()) meant = data_.schemas[schema->second].symbol;
    if (meant == kNoSymbol && frame_->is_require) return false;  // perhaps a name of the program
    if (meant != kNoSymbol) {
        data_.bound[&node] = meant;
        data_.refer(node.span, meant);
    }
    return true;
}

}  // namespace nyx::analyze
