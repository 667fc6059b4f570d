// The statements: which function writes which, and those of one line.
#include "compiler/lower/lowerer.h"

namespace nyx::lower {

using diagnostics::Code;

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
#define NYX_STMT(kind)                   \
    case ast::StmtKind::k##kind:         \
        write(ast::as<ast::kind>(node)); \
        break;
#include "compiler/syntax/ast_kinds.def"
    }
    if (fn_->too_many_locals()) report(Code::kTooLarge, node.span, "this function has too many variables");
}

void Lowerer::write(const ast::ExprStmt& node) {
    if (const auto* counted = ast::try_as<ast::StepExpr>(node.expr.get())) return step(*counted, false);
    expr(*node.expr);
    fn_->emit(Op::kPop, node.span);
}

void Lowerer::write(const ast::BlockStmt& node) {
    block(node.body);
}

void Lowerer::write(const ast::PassStmt&) {}

void Lowerer::write(const ast::ImportStmt& node) {
    if (!fn_->is_module_body || fn_->in_block()) {
        report(Code::kMisplaced, first_word(node.span), "imports stand at the top of a file or module");
    } else if (missing_imports_.contains(&node)) {
        mistaken_statement(node.span);
    }
}

void Lowerer::write(const ast::TypeAliasStmt& node) {
    type(node.type);
    scope_->aliases.emplace(node.name.text, &node.type);
}

// compiler/check reads it from the tree, where it can stand.
void Lowerer::write(const ast::SchemaDecl& node) {
    if (!fn_->is_module_body || fn_->in_block())
        report(Code::kMisplaced, first_word(node.span), "schemas stand at the top of a file or module");
}

// The same for compiler/device.
void Lowerer::write(const ast::DeviceDecl& node) {
    if (!fn_->is_module_body || fn_->in_block())
        report(Code::kMisplaced, first_word(node.span), "devices are declared at the top of a file or module");
}

void Lowerer::write(const ast::EmitStmt& node) {
    mistaken_statement(node.span);
}

// The parser has said that it stands outside a machine.
void Lowerer::write(const ast::DeviceStmt& node) {
    mistaken_statement(node.span);
}

void Lowerer::write(const ast::RequireStmt& node) {
    mistaken_statement(node.span);
}

void Lowerer::write(const ast::ErrorStmt& node) {
    mistaken_statement(node.span);
}

}  // namespace nyx::lower
