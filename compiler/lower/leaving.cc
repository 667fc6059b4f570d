// What leaves a loop, a function or a `try`: break, continue, return, and errors.
#include "compiler/lower/lowerer.h"
#include "compiler/syntax/placement.h"

namespace nyx::lower {

using diagnostics::Code;

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

void Lowerer::write(const ast::BreakStmt& node) {
    leave_loop(true, node.span);
}

void Lowerer::write(const ast::ContinueStmt& node) {
    leave_loop(false, node.span);
}

void Lowerer::write(const ast::ThrowStmt& node) {
    expr(*node.value);
    fn_->emit(Op::kThrow, node.span);
}

Span Lowerer::first_word(Span statement) const {
    return syntax::first_word(sources_.file(statement.file).text, statement);
}

void Lowerer::write(const ast::ReturnStmt& node) {
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

void Lowerer::write(const ast::TryStmt& node) {
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

void Lowerer::write(const ast::AssertStmt& node) {
    expr(*node.condition);
    std::size_t good = fn_->emit(Op::kJumpIfTrue, node.condition->span);
    node.message ? expr(*node.message) : null(node.span);
    fn_->emit(Op::kAssertFail, node.condition->span);
    fn_->point_here(good);
}

}  // namespace nyx::lower
