#include "compiler/analyze/fits.h"
#include "compiler/analyze/typer.h"

namespace nyx::analyze {

namespace {

bool is_always_true(const ast::Expr* condition) {
    if (!condition) return true;
    const auto* literal = ast::try_as<ast::BoolLiteral>(condition);
    const auto* number = ast::try_as<ast::IntLiteral>(condition);
    return (literal && literal->value) || (number && number->value != 0);
}

// Where nothing can be lost: a `break` behind a `return`, as other languages want it.
bool is_harmless(const ast::Stmt& node) {
    switch (node.kind) {
        case ast::StmtKind::kBreakStmt:
        case ast::StmtKind::kContinueStmt:
        case ast::StmtKind::kPassStmt:
        case ast::StmtKind::kFnDecl:
        case ast::StmtKind::kClassDecl:
        case ast::StmtKind::kErrorStmt:
            return true;
        case ast::StmtKind::kReturnStmt:
            return !ast::as<ast::ReturnStmt>(node).value;
        default:
            return false;
    }
}

}  // namespace

Flow Typer::statements(const ast::StmtList& body) {
    Flow flow = Flow::kGoesOn;
    const ast::Stmt* leaver = nullptr;
    bool said = false;
    for (const ast::StmtPtr& node : body) {
        if (leaver && !said && checking_ && !is_harmless(*node)) {
            say_.unreachable(join(node->span, body.back()->span), leaver->span);
            said = true;
        }
        Flow one = stmt(*node);
        if (flow != Flow::kLeaves && one != Flow::kGoesOn)
            flow = one == Flow::kLeaves || flow == Flow::kGoesOn ? one : flow;
        if (one == Flow::kLeaves && !leaver) leaver = node.get();
    }
    return flow;
}

Flow Typer::stmt(const ast::Stmt& node) {
    std::size_t mistakes = data_.mistakes.size();
    Flow flow = stmt_of_kind(node);
    bool simple = node.kind == ast::StmtKind::kExprStmt || node.kind == ast::StmtKind::kLetStmt ||
                  node.kind == ast::StmtKind::kAssignStmt;
    if (!simple || mistakes == data_.mistakes.size()) return flow;
    // A store is reported where the statement is, or where its target is.
    data_.mistakes.push_back(node.span);
    const auto* assign = ast::try_as<ast::AssignStmt>(&node);
    if (assign) data_.mistakes.push_back(assign->target->span);
    return flow;
}

Flow Typer::stmt_of_kind(const ast::Stmt& node) {
    switch (node.kind) {
        case ast::StmtKind::kExprStmt:
            return expr_stmt(*ast::as<ast::ExprStmt>(node).expr);
        case ast::StmtKind::kLetStmt:
            let(ast::as<ast::LetStmt>(node));
            return Flow::kGoesOn;
        case ast::StmtKind::kAssignStmt:
            assign(ast::as<ast::AssignStmt>(node));
            return Flow::kGoesOn;
        case ast::StmtKind::kBlockStmt:
            return statements(ast::as<ast::BlockStmt>(node).body);
        case ast::StmtKind::kIfStmt:
            return if_stmt(ast::as<ast::IfStmt>(node));
        case ast::StmtKind::kWhileStmt:
            return while_stmt(ast::as<ast::WhileStmt>(node));
        case ast::StmtKind::kForStmt:
            return for_stmt(ast::as<ast::ForStmt>(node));
        case ast::StmtKind::kForInStmt:
            return for_in(ast::as<ast::ForInStmt>(node));
        case ast::StmtKind::kSwitchStmt:
            return switch_stmt(ast::as<ast::SwitchStmt>(node));
        case ast::StmtKind::kMatchStmt:
            return match_stmt(ast::as<ast::MatchStmt>(node));
        case ast::StmtKind::kBreakStmt:
            if (!loops_.empty()) loops_.back().has_break = true;
            return Flow::kLeaves;
        case ast::StmtKind::kContinueStmt:
            return Flow::kLeaves;
        case ast::StmtKind::kReturnStmt:
            return_stmt(ast::as<ast::ReturnStmt>(node));
            return Flow::kLeaves;
        case ast::StmtKind::kTryStmt:
            return try_stmt(ast::as<ast::TryStmt>(node));
        case ast::StmtKind::kThrowStmt:
            expr(*ast::as<ast::ThrowStmt>(node).value);
            return Flow::kLeaves;
        case ast::StmtKind::kAssertStmt:
            return assert_stmt(ast::as<ast::AssertStmt>(node));
        case ast::StmtKind::kClassDecl:
            class_decl(ast::as<ast::ClassDecl>(node));
            return Flow::kGoesOn;
        case ast::StmtKind::kModuleDecl:
            statements(ast::as<ast::ModuleDecl>(node).body);
            return Flow::kGoesOn;
        case ast::StmtKind::kMachineDecl:
            machine_body(ast::as<ast::MachineDecl>(node).body);
            return Flow::kGoesOn;
        case ast::StmtKind::kErrorStmt:
            return Flow::kPerhaps;
        default:
            return Flow::kGoesOn;  // functions are units of their own
    }
}

Flow Typer::while_stmt(const ast::WhileStmt& node) {
    expr(*node.condition);
    return loop_body(node.body, is_always_true(node.condition.get()));
}

Flow Typer::for_stmt(const ast::ForStmt& node) {
    if (node.init) stmt(*node.init);
    if (node.condition) expr(*node.condition);
    Flow flow = loop_body(node.body, is_always_true(node.condition.get()));
    if (node.step) stmt(*node.step);
    return flow;
}

Flow Typer::assert_stmt(const ast::AssertStmt& node) {
    expr(*node.condition);
    if (node.message) expr(*node.message);
    const auto* literal = ast::try_as<ast::BoolLiteral>(node.condition.get());
    return literal && !literal->value ? Flow::kLeaves : Flow::kGoesOn;
}

Flow Typer::expr_stmt(const ast::Expr& node) {
    call_leaves_ = false;
    expr(node);
    return node.kind == ast::ExprKind::kCallExpr && call_leaves_ ? Flow::kLeaves : Flow::kGoesOn;
}

void Typer::return_stmt(const ast::ReturnStmt& node) {
    returns_ = true;
    Type type = node.value ? expr(*node.value) : types_.basic(TypeKind::kNull);
    if (function_ == kNone) return;
    FunctionEntry& entry = data_.functions[function_];
    if (entry.annotated) {
        Span where = node.value ? node.value->span : node.span;
        if (checking_ && fits(data_, type, entry.result) == Fit::kNever)
            say_.mismatch({where, entry.result, type, false}, "the result", entry.body->result->span, where);
        return;
    }
    if (checking_) return;
    Type joined = units_[unit_].visits > kMaxVisits ? Type() : types_.join(entry.result, type);
    if (joined == entry.result) return;
    entry.result = joined;
    changed(entry.symbol);
}

// ---- Classes and machines -------------------------------------------------------------------------------------------

void Typer::class_decl(const ast::ClassDecl& node) {
    auto known = data_.class_of.find(&node);
    if (known == data_.class_of.end()) return;
    bool takes_arguments = !node.base && data_.method(known->second, "init") == kNoSymbol;
    for (const ast::FieldDecl& field : node.fields) {
        SymbolId symbol = data_.bound_to(&field.name);
        Type type = field.value ? expr(*field.value) : types_.basic(TypeKind::kNull);
        if (symbol == kNoSymbol) continue;
        // Whoever makes an object of it may give the field another value.
        if (takes_arguments) type = type.as_guess();
        if (field.value) {
            store_name(symbol, field.value->span, type, field.value.get());
        } else {
            join_into(field_group(symbol), type);
        }
    }
}

void Typer::machine_body(const ast::StmtList& body) {
    for (const ast::StmtPtr& node : body) {
        if (const auto* assign = ast::try_as<ast::AssignStmt>(node.get())) {
            const auto* name = ast::try_as<ast::NameExpr>(assign->target.get());
            SymbolId symbol = name ? data_.bound_to(name) : kNoSymbol;
            bool variable = symbol != kNoSymbol && data_.symbols[symbol].kind != SymbolKind::kSchemaField;
            if (variable) {
                this->assign(*assign);
            } else {
                expr(*assign->value);
            }
        } else if (const auto* device = ast::try_as<ast::DeviceStmt>(node.get())) {
            machine_body(device->body);
        } else if (const auto* require = ast::try_as<ast::RequireStmt>(node.get())) {
            expr(*require->condition);
            if (require->message) expr(*require->message);
        } else if (const auto* branch = ast::try_as<ast::IfStmt>(node.get())) {
            expr(*branch->condition);
            machine_body(branch->then_body);
            machine_body(branch->else_body);
        } else if (const auto* loop = ast::try_as<ast::ForInStmt>(node.get())) {
            bind_loop(loop->names, *loop->iterable, expr(*loop->iterable));
            machine_body(loop->body);
        } else {
            stmt(*node);
        }
    }
}

}  // namespace nyx::analyze
