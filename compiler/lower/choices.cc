// `switch` and `match`.
#include "compiler/lower/lowerer.h"

namespace nyx::lower {

using diagnostics::Code;

namespace {

bool is_constant(const Resolved& resolved) {
    if (resolved.kind == Resolved::Kind::kModuleName) return resolved.name->binding == Binding::kConst;
    return resolved.local && resolved.local->binding == Binding::kConst;
}

}  // namespace

void Lowerer::write(const ast::SwitchStmt& node) {
    fn_->push_scope();
    std::uint16_t subject = fn_->hidden_slot(node.span);
    expr(*node.subject);
    fn_->emit(Op::kStoreLocal, node.span, 0, subject);
    std::vector<std::size_t> done;
    const ast::SwitchCase* fallback = nullptr;
    for (const ast::SwitchCase& one : node.cases) {
        if (one.values.empty()) {
            fallback = &one;
            continue;
        }
        std::vector<std::size_t> hits;
        for (const ast::ExprPtr& value : one.values) {
            fn_->emit(Op::kLoadLocal, value->span, 0, subject);
            expr(*value);
            fn_->emit(Op::kMatches, value->span);
            hits.push_back(fn_->emit(Op::kJumpIfTrue, value->span));
        }
        std::size_t miss = fn_->emit(Op::kJump, one.span);
        fn_->point_here(hits);
        block(one.body);
        done.push_back(fn_->emit(Op::kJump, one.span));
        fn_->point_here(miss);
    }
    if (fallback) block(fallback->body);
    fn_->point_here(done);
    fn_->pop_scope();
}

// A bare name binds the subject, unless it is a constant or a class; every other pattern is compared with it.
void Lowerer::write(const ast::MatchStmt& node) {
    fn_->push_scope();
    std::uint16_t subject = fn_->hidden_slot(node.span);
    expr(*node.subject);
    fn_->emit(Op::kStoreLocal, node.span, 0, subject);
    std::vector<std::size_t> done;
    for (const ast::MatchArm& arm : node.arms) {
        fn_->push_scope();
        std::vector<std::size_t> hits;
        bool always = arm.patterns.empty();
        for (const ast::ExprPtr& pattern : arm.patterns) {
            fn_->emit(Op::kLoadLocal, pattern->span, 0, subject);
            const auto* name = ast::try_as<ast::NameExpr>(pattern.get());
            if (name && !is_constant(resolve(name->name))) {
                store_new({name->name, name->span}, Binding::kPlain, script::kNone, name->span);
                always = true;
                break;
            }
            expr(*pattern);
            fn_->emit(Op::kMatches, pattern->span);
            hits.push_back(fn_->emit(Op::kJumpIfTrue, pattern->span));
        }
        std::vector<std::size_t> misses;
        if (!always) misses.push_back(fn_->emit(Op::kJump, arm.span));
        fn_->point_here(hits);
        if (arm.guard) misses.push_back(jump_unless(*arm.guard));
        block(arm.body);
        done.push_back(fn_->emit(Op::kJump, arm.span));
        fn_->point_here(misses);
        fn_->pop_scope();
    }
    fn_->point_here(done);
    fn_->pop_scope();
}

}  // namespace nyx::lower
