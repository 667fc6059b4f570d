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
        case StmtKind::kExprStmt:
            expression_statement(*ast::as<ast::ExprStmt>(stmt).expr);
            return false;
        case StmtKind::kLetStmt:
            let(ast::as<ast::LetStmt>(stmt));
            return false;
        case StmtKind::kAssignStmt:
            assign(ast::as<ast::AssignStmt>(stmt));
            return false;
        case StmtKind::kBlockStmt:
            return block(ast::as<ast::BlockStmt>(stmt).body);
        case StmtKind::kIfStmt:
            return if_statement(ast::as<ast::IfStmt>(stmt));
        case StmtKind::kMatchStmt:
            return match_statement(ast::as<ast::MatchStmt>(stmt));
        case StmtKind::kForInStmt:
            for_statement(ast::as<ast::ForInStmt>(stmt));
            return false;
        case StmtKind::kReturnStmt:
            return give_back(ast::as<ast::ReturnStmt>(stmt));
        case StmtKind::kEmitStmt:
            emit_statement(ast::as<ast::EmitStmt>(stmt));
            return false;
        case StmtKind::kErrorStmt:
            is_broken_ = true;
            return false;
        case StmtKind::kPassStmt:
            return false;
        case StmtKind::kThrowStmt:
            if (ast::as<ast::ThrowStmt>(stmt).value == nullptr ||
                ast::as<ast::ThrowStmt>(stmt).value->kind == ast::ExprKind::kErrorExpr)
                return false;  // `raise = true`, of which the parser has said what it is
            report(Code::kNotTotal, stmt.span, "a device throws nothing: what a guest does wrong has a result");
            return false;
        case StmtKind::kWhileStmt:
        case StmtKind::kForStmt:
            report(Code::kNotTotal, stmt.span, "a loop of a device runs a fixed number of times")
                .help("write `for i in 0..8 { … }`, or go over a fifo or an array");
            return false;
        default:
            report(Code::kNotTotal, stmt.span, "device code has no such statement")
                .help("it has `let`, assignments, `if`, `match`, `for … in`, `return`, `emit` and calls");
            return false;
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

bool Body::if_statement(const ast::IfStmt& node) {
    const Value value = condition(*node.condition);
    const Facts before = facts_;
    const std::size_t skip = builder_.emit({Op::kJumpIfNot, 64, 0, in_temporary(value)});
    learn(*node.condition, true);
    const bool then_ends = block(node.then_body);
    const Facts after_then = std::exchange(facts_, before);
    learn(*node.condition, false);
    bool else_ends = false;
    if (node.else_body.empty()) {
        builder_.point_here(skip);
    } else {
        const std::size_t over = builder_.emit({Op::kJump});
        builder_.point_here(skip);
        else_ends = block(node.else_body);
        builder_.point_here(over);
    }
    if (then_ends) return else_ends;
    facts_ = else_ends ? after_then : both(after_then, facts_);
    return false;
}

bool Body::match_statement(const ast::MatchStmt& node) {
    Value subject = expression(*node.subject);
    std::vector<std::size_t> to_end;
    std::optional<Facts> after;
    bool always_ends = true, has_rest = false;
    const Facts before = facts_;
    for (const ast::MatchArm& arm : node.arms) {
        std::optional<Value> meant;
        for (const ast::ExprPtr& one : arm.patterns) {
            const Value hit = pattern(subject, *one);
            meant = meant ? operation(Op::kOr, *meant, hit, 1) : hit;
        }
        if (arm.guard != nullptr) {
            const Value guard = condition(*arm.guard);
            meant = meant ? operation(Op::kAnd, *meant, guard, 1) : guard;
        }
        has_rest |= !meant;
        std::optional<std::size_t> skip;
        if (meant) skip = builder_.emit({Op::kJumpIfNot, 64, 0, in_temporary(*meant)});
        facts_ = before;
        const bool ends = block(arm.body);
        if (!ends) after = after ? both(*after, facts_) : facts_;
        always_ends &= ends;
        to_end.push_back(builder_.emit({Op::kJump}));
        if (skip) builder_.point_here(*skip);
    }
    for (const std::size_t jump : to_end) builder_.point_here(jump);
    facts_ = after && has_rest ? *after : before;
    if (!has_rest) facts_.clear();
    return always_ends && has_rest;
}

// Whether the subject is this constant, or in these: `1`, `Mode.busy`, `3..5`.
Value Body::pattern(const Value& subject, const ast::Expr& expr) {
    const auto* range = ast::try_as<ast::BinaryExpr>(&expr);
    if (range != nullptr && range->op == ast::BinaryOp::kRange) {
        const Value low = expression_as(*range->left, subject.type), high = expression_as(*range->right, subject.type);
        const Value above = negated(operation(Op::kLess, subject, low, 64));
        return operation(Op::kAnd, above, operation(Op::kLess, subject, high, 64), 1);
    }
    const Value value = expression_as(expr, subject.type);
    if (!value.type.is_error() && !value.constant)
        report(Code::kNotTotal, expr.span, "`match` compares with constants").help("write `if` for other comparisons");
    return operation(Op::kEqual, subject, value, 64);
}

void Body::loop(std::uint64_t count, Span where, const std::function<void(const Value&)>& inside) {
    constexpr std::uint64_t kMost = 65536;
    if (count > kMost) {
        report(Code::kNotTotal, where, fmt::format("this loop would run {} times; {} are the most", count, kMost));
        return;
    }
    forget_mutable();
    const std::uint16_t counter = builder_.temporary();
    const std::size_t head = builder_.emit({Op::kLoop, 64, counter, 0, 0, count});
    loops_.emplace_back();
    if (!inlined_.empty()) leave_if_returned(inlined_.back());
    inside(
        {Type::literal(), {0, count == 0 ? 0 : count - 1}, std::nullopt, counter, {Place::kLocal, ++locals_, 63, 0}});
    for (const std::size_t jump : loops_.back().to_end) builder_.point_here(jump);
    loops_.pop_back();
    builder_.end_loop(head);
    forget_mutable();
    if (!inlined_.empty()) leave_if_returned(inlined_.back());
}

void Body::for_statement(const ast::ForInStmt& node) {
    const ast::Ident& name = node.names[0];
    const auto body = [&](Value value) {
        scopes_.emplace_back();
        const std::uint16_t mark = builder_.mark();
        declare_local(name, std::move(value), false);
        block(node.body);
        builder_.release(mark);
        scopes_.pop_back();
    };
    const auto* range = ast::try_as<ast::BinaryExpr>(node.iterable.get());
    if (range != nullptr && range->op == ast::BinaryOp::kRange) {
        const auto from = constant_of(device_, *range->left, "a bound of a loop");
        const auto to = constant_of(device_, *range->right, "a bound of a loop");
        if (!from || !to) return;
        return loop(*to > *from ? *to - *from : 0, node.iterable->span, [&](const Value& counter) {
            Value at = operation(Op::kAdd, counter, Value::of(Type::literal(), *from), 64);
            at.type = Type::literal();
            body(std::move(at));
        });
    }
    const Symbol* symbol = symbol_named(*node.iterable);
    if (symbol == nullptr || symbol->kind != SymbolKind::kState ||
        device_.program.state[symbol->index].type.kind == dev::ir::TypeKind::kScalar) {
        report(Code::kNotTotal, node.iterable->span,
               "a loop goes over constants, `0..8`, or over an array or fifo of the state");
        return;
    }
    const dev::ir::StateField& field = device_.program.state[symbol->index];
    const Type type = device_.state_types[symbol->index];
    loop(field.type.count, node.iterable->span, [&](const Value& counter) {
        if (field.type.kind == dev::ir::TypeKind::kArray)
            return body(element(symbol->index, counter, node.iterable->span));
        const std::uint16_t length = builder_.temporary(), to = builder_.temporary(), inside = builder_.temporary();
        builder_.emit({Op::kFifoLength, 32, length, 0, 0, symbol->index});
        builder_.emit({Op::kLess, 1, inside, counter.temporary, length});
        const std::size_t skip = builder_.emit({Op::kJumpIfNot, 64, 0, inside});
        builder_.emit({Op::kFifoAt, type.bits, to, counter.temporary, 0, symbol->index});
        body({type, Range::of_bits(type.bits), std::nullopt, to, {}});
        builder_.point_here(skip);
    });
}

bool Body::give_back(const ast::ReturnStmt& node) {
    const Type type = inlined_.empty() ? result_ : inlined_.back().function->result;
    if (node.value == nullptr && type.base != TypeBase::kNothing) {
        report(Code::kDeviceType, node.span, fmt::format("this returns nothing, and {} is expected", text_of(type)));
        return true;
    }
    if (node.value != nullptr && type.base == TypeBase::kNothing) {
        report(Code::kDeviceType, node.value->span, "nothing is returned from here");
        return true;
    }
    Value value = node.value == nullptr ? Value::of(Type::nothing(), 0) : expression_as(*node.value, type);
    if (inlined_.empty()) {
        give_back(value);
        return true;
    }
    Inline& frame = inlined_.back();
    if (type.base != TypeBase::kNothing) {
        builder_.emit({Op::kCopy, type.bits, frame.result, in_temporary(value)});
        frame.range = frame.is_range_known ? hull(frame.range, value.range) : value.range;
        frame.is_range_known = true;
    }
    const std::uint16_t one = in_temporary(Value::of(Type::boolean(), 1));
    builder_.emit({Op::kCopy, 1, frame.has_returned, one});
    const std::size_t jump = builder_.emit({Op::kJump});
    (loops_.size() > frame.loops ? loops_.back().to_end : frame.to_end).push_back(jump);
    return true;
}

void Body::give_back(const Value& value) {
    builder_.emit({Op::kReturn, 64, 0, builder_.returns() ? in_temporary(value) : std::uint16_t{0}});
}

// Behind a loop, and at the beginning of each round: where the function has returned, nothing more of it happens.
void Body::leave_if_returned(const Inline& frame) {
    const std::uint16_t goes_on = builder_.temporary();
    builder_.emit({Op::kNot, 1, goes_on, frame.has_returned});
    const std::size_t jump = builder_.emit({Op::kJumpIfNot, 64, 0, goes_on});
    (loops_.size() > frame.loops ? loops_.back().to_end : inlined_.back().to_end).push_back(jump);
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
