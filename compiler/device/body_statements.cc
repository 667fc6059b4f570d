#include <fmt/format.h>

#include "compiler/device/body.h"

namespace nyx::device {

using ast::StmtKind;
using dev::ir::Op;
using diagnostics::Code;

// Those after one that always returns are looked at as well.
void Body::statements(const ast::StmtList& list) {
    if (block(list)) ends_ = true;
}

bool Body::block(const ast::StmtList& list) {
    scopes_.emplace_back();
    const std::uint16_t mark = builder_.mark();
    bool ends = false;
    for (const ast::StmtPtr& one : list) {
        const bool is_let = one->kind == StmtKind::kLetStmt;
        const std::uint16_t before = builder_.mark();
        ends |= statement(*one);
        if (!is_let) builder_.release(before);
    }
    builder_.release(mark);
    scopes_.pop_back();
    return ends;
}

// Whether it always returns.
bool Body::statement(const ast::Stmt& stmt) {
    switch (stmt.kind) {
        case StmtKind::kBlockStmt:
            return block(ast::as<ast::BlockStmt>(stmt).body);
        case StmtKind::kIfStmt:
            return if_statement(ast::as<ast::IfStmt>(stmt));
        case StmtKind::kMatchStmt:
            return match_statement(ast::as<ast::MatchStmt>(stmt));
        case StmtKind::kReturnStmt:
            return give_back(ast::as<ast::ReturnStmt>(stmt));
        default:
            simple_statement(stmt);
            return false;
    }
}

// One that control goes on behind.
void Body::simple_statement(const ast::Stmt& stmt) {
    switch (stmt.kind) {
        case StmtKind::kExprStmt:
            return expression_statement(*ast::as<ast::ExprStmt>(stmt).expr);
        case StmtKind::kLetStmt:
            return let(ast::as<ast::LetStmt>(stmt));
        case StmtKind::kAssignStmt:
            return assign(ast::as<ast::AssignStmt>(stmt));
        case StmtKind::kForInStmt:
            return for_statement(ast::as<ast::ForInStmt>(stmt));
        case StmtKind::kEmitStmt:
            return emit_statement(ast::as<ast::EmitStmt>(stmt));
        case StmtKind::kErrorStmt:
            is_broken_ = true;
            return;
        case StmtKind::kPassStmt:
            return;
        default:
            report_no_statement(stmt);
    }
}

void Body::report_no_statement(const ast::Stmt& stmt) {
    if (const auto* thrown = ast::try_as<ast::ThrowStmt>(&stmt)) {
        if (thrown->value == nullptr || thrown->value->kind == ast::ExprKind::kErrorExpr)
            return;  // `raise = true`, of which the parser has said what it is
        report(Code::kNotTotal, stmt.span, "a device throws nothing: what a guest does wrong has a result");
    } else if (stmt.kind == StmtKind::kWhileStmt || stmt.kind == StmtKind::kForStmt) {
        report(Code::kNotTotal, stmt.span, "a loop of a device runs a fixed number of times")
            .help("write `for i in 0..8 { … }`, or go over a fifo or an array");
    } else {
        report(Code::kNotTotal, stmt.span, "device code has no such statement")
            .help("it has `let`, assignments, `if`, `match`, `for … in`, `return`, `emit` and calls");
    }
}

void Body::declare_local(const ast::Ident& name, Value value, bool is_mutable) {
    Local local{value.type, 0, is_mutable, value.range, std::nullopt, ++locals_};
    if (value.constant && !is_mutable) {
        local.constant = value.constant;
    } else {
        local.temporary = builder_.temporary();
        builder_.emit({Op::kCopy, value.type.bits, local.temporary, in_temporary(value)});
        if (is_mutable) local.range = Range::of_bits(value.type.bits);
    }
    if (is_mutable) learn_range({Place::kLocal, local.number, 63, 0}, value.range);
    if (!is_mutable) unchanging_.insert(local.number);
    scopes_.back()[name.text] = local;
}

void Body::let(const ast::LetStmt& node) {
    if (node.names.size() != 1 || node.value == nullptr) {
        report(Code::kNotTotal, node.span, "`let` in a device names one value: `let x = …`");
        return;
    }
    Value value = expression(*node.value);
    if (node.type) value = converted(value, read_type(device_, *node.type).element, node.value->span);
    if (value.type.base == TypeBase::kLiteral && node.binding == ast::LetKind::kLetMut) {
        report(Code::kDeviceType, node.names[0].span,
               fmt::format("`{}` needs a type, as it will change", node.names[0].text))
            .help(fmt::format("write `let mut {}: u8 = …`", node.names[0].text));
        value = Value::error();
    }
    declare_local(node.names[0], value, node.binding == ast::LetKind::kLetMut);
}

Body::Local* Body::find_local(std::string_view name) {
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
        if (const auto found = scope->find(name); found != scope->end()) return &found->second;
    }
    return nullptr;
}

void Body::emit_statement(const ast::EmitStmt& node) {
    const auto* call = ast::try_as<ast::CallExpr>(node.call.get());
    const Symbol* sink = call == nullptr ? nullptr : symbol_named(*call->callee);
    if (sink == nullptr || sink->kind != SymbolKind::kSink || call->arguments.size() != 1) {
        if (node.call->kind == ast::ExprKind::kErrorExpr) return;
        report(Code::kDeviceType, node.call->span, "`emit` sends one value to a sink: `emit tx(value)`");
        return;
    }
    const Type type = Type::number(device_.program.sinks[sink->index].bits);
    const Value value = expression_as(*call->arguments[0].value, type);
    if (!value.type.is_error()) builder_.emit({Op::kEmit, type.bits, 0, in_temporary(value), 0, sink->index});
}

void Body::expression_statement(const ast::Expr& expr) {
    if (const auto* counted = ast::try_as<ast::StepExpr>(&expr)) return step(*counted);
    if (expr.kind == ast::ExprKind::kCallExpr || expr.kind == ast::ExprKind::kErrorExpr) {
        expression(expr);
        return;
    }
    expression(expr);
    report(Code::kNotTotal, expr.span, "this value is not used").help("call something, or assign it");
}

}  // namespace nyx::device
