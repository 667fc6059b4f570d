// `if`, and the loops.
#include "compiler/lower/lowerer.h"

namespace nyx::lower {

void Lowerer::write(const ast::IfStmt& node) {
    std::size_t otherwise = jump_unless(*node.condition);
    block(node.then_body);
    if (node.else_body.empty()) return fn_->point_here(otherwise);
    std::size_t done = fn_->emit(Op::kJump, node.span);
    fn_->point_here(otherwise);
    block(node.else_body);
    fn_->point_here(done);
}

// What `continue` jumps to comes next; what `break` jumps to is in the result.
Enclosing Lowerer::loop_body(const ast::StmtList& body) {
    fn_->enclosing.emplace_back().is_loop = true;
    block(body);
    Enclosing loop = std::move(fn_->enclosing.back());
    fn_->enclosing.pop_back();
    fn_->point_here(loop.continues);
    return loop;
}

void Lowerer::write(const ast::WhileStmt& node) {
    std::uint32_t start = fn_->here();
    std::size_t exit = jump_unless(*node.condition);
    Enclosing loop = loop_body(node.body);
    fn_->emit(Op::kLoop, node.span, start);
    fn_->point_here(exit);
    fn_->point_here(loop.breaks);
}

void Lowerer::write(const ast::ForStmt& node) {
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
    Enclosing loop = loop_body(node.body);
    if (node.step) stmt(*node.step);
    fn_->emit(Op::kLoop, node.span, start);
    if (exit) fn_->point_here(*exit);
    fn_->point_here(loop.breaks);
    fn_->pop_scope();
}

void Lowerer::write(const ast::ForInStmt& node) {
    fn_->push_scope();
    std::uint16_t iterator = fn_->hidden_slot(node.span);
    expr(*node.iterable);
    fn_->emit(Op::kIterInit, node.iterable->span, 0, iterator);
    std::uint32_t start = fn_->here();
    std::size_t exit = next_item(node.names, iterator, node.iterable->span);
    Enclosing loop = loop_body(node.body);
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

std::size_t Lowerer::jump_unless(const ast::Expr& condition) {
    const auto* compare = ast::try_as<ast::BinaryExpr>(&condition);
    if (compare && (compare->op == ast::BinaryOp::kLess || compare->op == ast::BinaryOp::kEqual)) {
        expr(*compare->left);
        expr(*compare->right);
        return fn_->emit(compare->op == ast::BinaryOp::kLess ? Op::kJumpUnlessLess : Op::kJumpUnlessEqual,
                         condition.span);
    }
    expr(condition);
    return fn_->emit(Op::kJumpIfFalse, condition.span);
}

}  // namespace nyx::lower
