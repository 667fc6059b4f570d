// `for`: over constants, arrays and fifos, a fixed number of times.
#include <fmt/format.h>

#include "compiler/device/body.h"

namespace nyx::device {

using dev::ir::Op;
using dev::ir::TypeKind;
using diagnostics::Code;

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
    leave_if_returned();
    inside(
        {Type::literal(), {0, count == 0 ? 0 : count - 1}, std::nullopt, counter, {Place::kLocal, ++locals_, 63, 0}});
    for (const std::size_t jump : loops_.back().to_end) builder_.point_here(jump);
    loops_.pop_back();
    builder_.end_loop(head);
    forget_mutable();
    leave_if_returned();
}

void Body::for_statement(const ast::ForInStmt& node) {
    const auto* range = ast::try_as<ast::BinaryExpr>(node.iterable.get());
    if (range != nullptr && range->op == ast::BinaryOp::kRange) return for_numbers(node, *range);
    const Symbol* symbol = symbol_named(*node.iterable);
    const bool is_state = symbol != nullptr && symbol->kind == SymbolKind::kState;
    const TypeKind kind = is_state ? device_.program.state[symbol->index].type.kind : TypeKind::kScalar;
    if (kind == TypeKind::kArray) return for_elements(node, symbol->index);
    if (kind == TypeKind::kFifo) return for_queued(node, symbol->index);
    report(Code::kNotTotal, node.iterable->span,
           "a loop goes over constants, `0..8`, or over an array or fifo of the state");
}

void Body::round(const ast::ForInStmt& node, const Value& value) {
    scopes_.emplace_back();
    const std::uint16_t mark = builder_.mark();
    declare_local(node.names[0], value, false);
    block(node.body);
    builder_.release(mark);
    scopes_.pop_back();
}

void Body::for_numbers(const ast::ForInStmt& node, const ast::BinaryExpr& range) {
    const auto from = constant_of(device_, *range.left, "a bound of a loop");
    const auto to = constant_of(device_, *range.right, "a bound of a loop");
    if (!from || !to) return;
    loop(*to > *from ? *to - *from : 0, node.iterable->span, [&](const Value& counter) {
        Value at = operation(Op::kAdd, counter, Value::of(Type::literal(), *from), 64);
        at.type = Type::literal();
        round(node, at);
    });
}

void Body::for_elements(const ast::ForInStmt& node, std::uint32_t field) {
    const Span where = node.iterable->span;
    loop(device_.program.state[field].type.count, where,
         [&](const Value& counter) { round(node, element(field, counter, where)); });
}

// A round for each place that it has; in those beyond its length nothing happens.
void Body::for_queued(const ast::ForInStmt& node, std::uint32_t field) {
    const Type type = device_.state_types[field];
    loop(device_.program.state[field].type.count, node.iterable->span, [&](const Value& counter) {
        const std::uint16_t length = builder_.temporary(), to = builder_.temporary(), inside = builder_.temporary();
        builder_.emit({Op::kFifoLength, 32, length, 0, 0, field});
        builder_.emit({Op::kLess, 1, inside, counter.temporary, length});
        const std::size_t skip = builder_.emit({Op::kJumpIfNot, 64, 0, inside});
        builder_.emit({Op::kFifoAt, type.bits, to, counter.temporary, 0, field});
        round(node, Value::any(type, to));
        builder_.point_here(skip);
    });
}

}  // namespace nyx::device
