// Conditions under which a register is there.
#include "compiler/device/lowering.h"

namespace nyx::device {

using dev::ir::kNone;

std::string Lowering::guard_name(const std::vector<Guard>& guards) const {
    std::string text;
    for (const Guard& guard : guards) {
        const ast::Expr& condition = *guard.when->condition;
        const std::string one = device_.source_text(condition.span);
        const bool is_simple = condition.kind != ast::ExprKind::kBinaryExpr;
        text += (text.empty() ? "" : " && ") + (guard.is_negated ? is_simple ? "!" + one : "!(" + one + ")" : one);
    }
    return text;
}

std::uint32_t Lowering::guard(const RegisterInfo& reg) {
    if (reg.guards.empty()) return kNone;
    const std::string name = guard_name(reg.guards);
    if (const auto known = guards_.find(name); known != guards_.end()) return known->second;
    Body body(device_, name, 0, true);
    Value all = Value::of(Type::boolean(), 1);
    for (const Guard& one : reg.guards) {
        Value holds = body.condition(*one.when->condition);
        if (holds.type.is_error()) continue;
        if (one.is_negated) holds = body.operation(dev::ir::Op::kEqual, holds, Value::of(Type::boolean(), 0), 1);
        all = body.operation(dev::ir::Op::kAnd, all, holds, 1);
    }
    body.give_back(all);
    const Span where = reg.guards.back().when->condition->span;
    dev::ir::Function made = body.finish(where);
    require_pure(made, where, "a guard");
    return guards_[name] = add(std::move(made));
}

std::uint32_t Lowering::phase(const RegisterInfo& reg) {
    if (reg.phases.empty()) return kNone;
    Body body(device_, reg.phases.back()->name.text, 0, true);
    Value all = Value::of(Type::boolean(), 1);
    for (const ast::PhaseItem* one : reg.phases) {
        const Value holds = body.condition(*one->after);
        if (!holds.type.is_error()) all = body.operation(dev::ir::Op::kAnd, all, holds, 1);
    }
    body.give_back(all);
    const Span where = reg.phases.back()->after->span;
    dev::ir::Function made = body.finish(where);
    require_pure(made, where, "a phase");
    return add(std::move(made));
}

}  // namespace nyx::device
