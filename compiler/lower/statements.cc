#include "compiler/lower/lowerer.h"

namespace nyx::lower {

using namespace ast;
using diagnostics::Code;

void Lowerer::body(const StmtList& list) {
    // Functions, classes and modules first, so that code may use what stands below it.
    auto is_declaration = [](const Stmt& stmt) {
        return stmt.kind == StmtKind::kFnDecl || stmt.kind == StmtKind::kModuleDecl;
    };
    for (const StmtPtr& stmt : list) {
        if (is_declaration(*stmt)) statement(*stmt);
    }
    for (const StmtPtr& stmt : list) {
        if (!is_declaration(*stmt)) statement(*stmt);
    }
}

void Lowerer::statement(const Stmt& stmt) {
    switch (stmt.kind) {
        case StmtKind::kExprStmt:
            expression(*as<ExprStmt>(stmt).expr);
            emit(Op::kPop, stmt.span);
            return;
        case StmtKind::kLetStmt: return let(as<LetStmt>(stmt));
        case StmtKind::kAssignStmt: return in_machine() ? setting(as<AssignStmt>(stmt)) : assign(as<AssignStmt>(stmt));
        case StmtKind::kBlockStmt: return body(as<BlockStmt>(stmt).body);
        case StmtKind::kIfStmt: return if_else(as<IfStmt>(stmt));
        case StmtKind::kWhileStmt: return while_loop(as<WhileStmt>(stmt));
        case StmtKind::kForStmt: return for_loop(as<ForStmt>(stmt));
        case StmtKind::kForInStmt: return for_in(as<ForInStmt>(stmt));
        case StmtKind::kSwitchStmt: return switch_cases(as<SwitchStmt>(stmt));
        case StmtKind::kMatchStmt: return match_arms(as<MatchStmt>(stmt));
        case StmtKind::kBreakStmt: return leave_loop(stmt, true);
        case StmtKind::kContinueStmt: return leave_loop(stmt, false);
        case StmtKind::kReturnStmt: return return_value(as<ReturnStmt>(stmt));
        case StmtKind::kTryStmt: return try_catch(as<TryStmt>(stmt));
        case StmtKind::kThrowStmt:
            expression(*as<ThrowStmt>(stmt).value);
            emit(Op::kThrow, stmt.span);
            return;
        case StmtKind::kAssertStmt: return assertion(as<AssertStmt>(stmt));
        case StmtKind::kFnDecl: {
            const auto& decl = as<FnDecl>(stmt);
            emit(Op::kClosure, decl.name.span, function(decl.name.text, decl.span, decl.fn, nullptr));
            return store_name(decl.name.text, decl.name.span);
        }
        case StmtKind::kClassDecl: return class_decl(as<ClassDecl>(stmt));
        case StmtKind::kModuleDecl: return module_decl(as<ModuleDecl>(stmt));
        case StmtKind::kMachineDecl: return machine(as<MachineDecl>(stmt));
        case StmtKind::kDeviceStmt: return device(as<DeviceStmt>(stmt));
        case StmtKind::kRequireStmt: return requirement(as<RequireStmt>(stmt));
        case StmtKind::kOnStmt: return not_in_this_build(as<OnStmt>(stmt).event.span, "event handlers in machines");
        case StmtKind::kTestStmt: return not_in_this_build(stmt.span, "tests in machines");
        case StmtKind::kImportStmt:      // done when the module was loaded
        case StmtKind::kSchemaDecl:      // read by compiler/check
        case StmtKind::kTypeAliasStmt:
        case StmtKind::kPassStmt:
        case StmtKind::kErrorStmt: return;
    }
}

void Lowerer::not_in_this_build(Span span, const std::string& what) {
    error(Code::kNotInBuild, span, fmt::format("this build of Nyx has no {}", what));
}

void Lowerer::let(const LetStmt& stmt) {
    if (stmt.value) {
        expression(*stmt.value);
    } else {
        emit(Op::kNull, stmt.span);
    }
    if (stmt.names.size() > 1) emit(Op::kUnpack, stmt.span, 0, static_cast<std::uint16_t>(stmt.names.size()));
    for (const Ident& ident : stmt.names) {
        if (stmt.binding == LetKind::kConst && fn_->is_body) module_->constants.emplace(ident.text, ident.span);
        store_name(ident.text, ident.span);
    }
}

void Lowerer::assign_to(const Expr& target) {
    if (const auto* name = try_as<NameExpr>(&target)) {
        auto constant = module_->constants.find(name->name);
        if (constant != module_->constants.end() && resolve(name->name).kind == Place::kGlobal) {
            error(Code::kConstant, target.span, fmt::format("`{}` is a constant", name->name)).label(constant->second, "declared here");
        }
        return store_name(name->name, target.span);
    }
    if (const auto* tuple = try_as<TupleExpr>(&target)) {
        emit(Op::kUnpack, target.span, 0, static_cast<std::uint16_t>(tuple->elements.size()));
        for (const ExprPtr& element : tuple->elements) assign_to(*element);
        return;
    }
    // The value is on the stack already; the object goes below it.
    std::uint16_t value = fn_->hidden();
    emit(Op::kStoreLocal, target.span, 0, value);
    if (const auto* member = try_as<MemberExpr>(&target)) {
        expression(*member->object);
        emit(Op::kLoadLocal, target.span, 0, value);
        emit(Op::kSetMember, target.span, string(member->member.text));
    } else if (const auto* index = try_as<IndexExpr>(&target)) {
        expression(*index->object);
        expression(*index->index);
        emit(Op::kLoadLocal, target.span, 0, value);
        emit(Op::kSetIndex, target.span);
    }
}

void Lowerer::assign(const AssignStmt& stmt) {
    if (stmt.op) return compound(stmt);
    expression(*stmt.value);
    assign_to(*stmt.target);
}

// target op= value, with the object of the target evaluated once.
void Lowerer::compound(const AssignStmt& stmt) {
    BinaryExpr sum(stmt.span);  // only its op is looked at
    sum.op = *stmt.op;
    auto apply = [&] {
        expression(*stmt.value);
        static constexpr std::pair<BinaryOp, script::Op> kOps[] = {
            {BinaryOp::kAdd, Op::kAdd},         {BinaryOp::kSubtract, Op::kSubtract}, {BinaryOp::kMultiply, Op::kMultiply},
            {BinaryOp::kDivide, Op::kDivide},   {BinaryOp::kModulo, Op::kModulo},     {BinaryOp::kBitOr, Op::kBitOr},
            {BinaryOp::kBitAnd, Op::kBitAnd},   {BinaryOp::kBitXor, Op::kBitXor},     {BinaryOp::kShiftLeft, Op::kShiftLeft},
            {BinaryOp::kShiftRight, Op::kShiftRight}};
        for (const auto& [op, code] : kOps) {
            if (op == *stmt.op) emit(code, stmt.span);
        }
    };
    if (const auto* member = try_as<MemberExpr>(stmt.target.get())) {
        expression(*member->object);
        emit(Op::kDup, stmt.span);
        emit(Op::kMember, stmt.target->span, string(member->member.text));
        apply();
        emit(Op::kSetMember, stmt.span, string(member->member.text));
    } else if (const auto* index = try_as<IndexExpr>(stmt.target.get())) {
        expression(*index->object);
        expression(*index->index);
        emit(Op::kDup2, stmt.span);
        emit(Op::kIndex, stmt.target->span);
        apply();
        emit(Op::kSetIndex, stmt.span);
    } else {
        expression(*stmt.target);
        apply();
        assign_to(*stmt.target);
    }
}

void Lowerer::if_else(const IfStmt& stmt) {
    expression(*stmt.condition);
    std::size_t otherwise = jump(Op::kJumpIfFalse, stmt.condition->span);
    body(stmt.then_body);
    if (stmt.else_body.empty()) return land(otherwise);
    std::size_t end = jump(Op::kJump, stmt.span);
    land(otherwise);
    body(stmt.else_body);
    land(end);
}

void Lowerer::close_loop(Span span) {
    FunctionScope::Loop loop = std::move(fn_->loops.back());
    fn_->loops.pop_back();
    if (loop.is_loop) emit(Op::kLoop, span, loop.start);
    for (std::size_t jump : loop.breaks) land(jump);
}

void Lowerer::while_loop(const WhileStmt& stmt) {
    std::uint32_t start = here();
    expression(*stmt.condition);
    std::size_t done = jump(Op::kJumpIfFalse, stmt.condition->span);
    fn_->loops.push_back({start, {}, {}, fn_->finals.size(), true});
    body(stmt.body);
    for (std::size_t again : fn_->loops.back().continues) land(again);
    fn_->loops.back().breaks.push_back(done);
    close_loop(stmt.span);
}

void Lowerer::for_loop(const ForStmt& stmt) {
    if (stmt.init) statement(*stmt.init);
    std::uint32_t start = here();
    fn_->loops.push_back({start, {}, {}, fn_->finals.size(), true});
    if (stmt.condition) {
        expression(*stmt.condition);
        fn_->loops.back().breaks.push_back(jump(Op::kJumpIfFalse, stmt.condition->span));
    }
    body(stmt.body);
    for (std::size_t again : fn_->loops.back().continues) land(again);
    if (stmt.step) statement(*stmt.step);
    close_loop(stmt.span);
}

void Lowerer::for_in(const ForInStmt& stmt) {
    std::uint16_t iterator = fn_->hidden();
    expression(*stmt.iterable);
    emit(Op::kIterInit, stmt.iterable->span, 0, iterator);
    std::uint32_t start = here();
    bool pair = stmt.names.size() == 2;
    fn_->loops.push_back({start, {emit(pair ? Op::kIterNext2 : Op::kIterNext, stmt.span, 0, iterator)}, {}, fn_->finals.size(), true});
    if (stmt.names.size() > 2) {
        emit(Op::kUnpack, stmt.span, 0, static_cast<std::uint16_t>(stmt.names.size()));
        for (const Ident& ident : stmt.names) store_name(ident.text, ident.span);
    } else {
        for (std::size_t i = stmt.names.size(); i-- > 0;) store_name(stmt.names[i].text, stmt.names[i].span);
    }
    body(stmt.body);
    for (std::size_t again : fn_->loops.back().continues) land(again);
    // A closure made in the body keeps the value of its own round.
    for (const Ident& ident : stmt.names) {
        Place place = resolve(ident.text);
        if (place.kind == Place::kLocal) emit(Op::kCloseLocal, ident.span, 0, static_cast<std::uint16_t>(place.index));
    }
    close_loop(stmt.span);
}

void Lowerer::leave_loop(const Stmt& stmt, bool is_break) {
    for (auto loop = fn_->loops.rbegin(); loop != fn_->loops.rend(); ++loop) {
        if (!is_break && !loop->is_loop) continue;
        run_finals(loop->finally_depth);
        std::size_t out = jump(Op::kJump, stmt.span);
        (is_break ? loop->breaks : loop->continues).push_back(out);
        return;
    }
    error(Code::kMisplaced, stmt.span, is_break ? "`break` stands outside a loop" : "`continue` stands outside a loop");
}

void Lowerer::switch_cases(const SwitchStmt& stmt) {
    std::uint16_t subject = fn_->hidden();
    expression(*stmt.subject);
    emit(Op::kStoreLocal, stmt.subject->span, 0, subject);
    fn_->loops.push_back({here(), {}, {}, fn_->finals.size(), false});
    const SwitchCase* fallback = nullptr;
    for (const SwitchCase& one : stmt.cases) {
        if (one.values.empty()) {
            fallback = &one;
            continue;
        }
        std::vector<std::size_t> hits;
        for (const ExprPtr& value : one.values) {
            emit(Op::kLoadLocal, value->span, 0, subject);
            expression(*value);
            emit(Op::kMatches, value->span);
            hits.push_back(jump(Op::kJumpIfTrue, value->span));
        }
        std::size_t next = jump(Op::kJump, one.span);
        for (std::size_t hit : hits) land(hit);
        body(one.body);
        fn_->loops.back().breaks.push_back(jump(Op::kJump, one.span));
        land(next);
    }
    if (fallback) body(fallback->body);
    close_loop(stmt.span);
}

void Lowerer::match_arms(const MatchStmt& stmt) {
    std::uint16_t subject = fn_->hidden();
    expression(*stmt.subject);
    emit(Op::kStoreLocal, stmt.subject->span, 0, subject);
    std::vector<std::size_t> ends;
    for (const MatchArm& arm : stmt.arms) {
        std::vector<std::size_t> hits;
        std::vector<std::size_t> misses;
        for (const ExprPtr& pattern : arm.patterns) {
            emit(Op::kLoadLocal, pattern->span, 0, subject);
            const auto* name = try_as<NameExpr>(pattern.get());
            if (name && resolve(name->name).kind == Place::kNowhere) {  // a new name takes the value
                store_name(name->name, pattern->span);
                hits.push_back(jump(Op::kJump, pattern->span));
                continue;
            }
            expression(*pattern);
            emit(Op::kMatches, pattern->span);
            hits.push_back(jump(Op::kJumpIfTrue, pattern->span));
        }
        if (!arm.patterns.empty()) misses.push_back(jump(Op::kJump, arm.span));
        for (std::size_t hit : hits) land(hit);
        if (arm.guard) {
            expression(*arm.guard);
            misses.push_back(jump(Op::kJumpIfFalse, arm.guard->span));
        }
        body(arm.body);
        ends.push_back(jump(Op::kJump, arm.span));
        for (std::size_t miss : misses) land(miss);
    }
    for (std::size_t end : ends) land(end);
}

// The `finally` bodies that a jump out of them runs through, the innermost first.
void Lowerer::run_finals(std::size_t down_to) {
    std::vector<const StmtList*> all = fn_->finals;
    while (fn_->finals.size() > down_to) {
        const StmtList* last = fn_->finals.back();
        fn_->finals.pop_back();
        body(*last);
    }
    fn_->finals = std::move(all);
}

void Lowerer::return_value(const ReturnStmt& stmt) {
    if (fn_->is_body) {
        error(Code::kMisplaced, stmt.span, "`return` stands outside a function");
        return;
    }
    if (stmt.value) {
        expression(*stmt.value);
    } else {
        emit(Op::kNull, stmt.span);
    }
    if (!fn_->finals.empty()) {
        std::uint16_t result = fn_->hidden();
        emit(Op::kStoreLocal, stmt.span, 0, result);
        run_finals(0);
        emit(Op::kLoadLocal, stmt.span, 0, result);
    }
    emit(Op::kReturn, stmt.span);
}

void Lowerer::try_catch(const TryStmt& stmt) {
    bool has_finally = !stmt.finally_body.empty();
    if (has_finally) fn_->finals.push_back(&stmt.finally_body);
    std::uint32_t begin = here();
    body(stmt.body);
    std::uint32_t end = here();
    if (stmt.has_catch) {
        std::size_t done = jump(Op::kJump, stmt.span);
        if (begin < end) fn_->code.handlers.push_back({begin, end, here(), 0});
        if (begin < end) {
            emit(Op::kUnwrap, stmt.span);
            if (stmt.catch_name) {
                store_name(stmt.catch_name->text, stmt.catch_name->span);
            } else {
                emit(Op::kPop, stmt.span);
            }
            body(stmt.catch_body);
        }
        land(done);
        end = here();
    }
    if (!has_finally) return;
    fn_->finals.pop_back();
    body(stmt.finally_body);
    std::size_t done = jump(Op::kJump, stmt.span);
    if (begin < end) {
        fn_->code.handlers.push_back({begin, end, here(), 0});
        std::uint16_t pending = fn_->hidden();
        emit(Op::kStoreLocal, stmt.span, 0, pending);
        body(stmt.finally_body);
        emit(Op::kLoadLocal, stmt.span, 0, pending);
        emit(Op::kRethrow, stmt.span);
    }
    land(done);
}

void Lowerer::assertion(const AssertStmt& stmt) {
    expression(*stmt.condition);
    std::size_t holds = jump(Op::kJumpIfTrue, stmt.condition->span);
    if (stmt.message) {
        expression(*stmt.message);
    } else {
        emit(Op::kNull, stmt.span);
    }
    emit(Op::kAssertFail, stmt.condition->span);
    land(holds);
}

}  // namespace nyx::lower
