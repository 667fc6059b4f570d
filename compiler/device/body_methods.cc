// What phases, timers and the machine are told and asked.
#include <algorithm>

#include "compiler/device/body.h"

namespace nyx::device {

using dev::ir::Op;
using dev::ir::TypeKind;

// `configuring.reset()`: what the phase declares is as at the beginning. The one change that is made from outside.
Value Body::phase_member(const ast::PhaseItem& phase, const ast::MemberExpr& member, const ast::CallExpr& call) {
    if (member.member.text != "reset") return unknown_member(member, "a phase", {"reset"});
    if (!takes(call, 0, "`reset`")) return Value::nothing();
    for (std::uint32_t field = 0; field < device_.program.state.size(); ++field)
        if (device_.state_phases[field] == &phase) reset_field(field, call.span);
    forget_mutable();
    return Value::nothing();
}

void Body::reset_field(std::uint32_t field, Span where) {
    const dev::ir::StateField& about = device_.program.state[field];
    const Value initial = Value::of(Type::literal(), about.initial);
    switch (about.type.kind) {
        case TypeKind::kFifo:
            builder_.emit({Op::kFifoClear, about.type.bits, 0, 0, 0, field});
            return;
        case TypeKind::kScalar:
            builder_.emit({Op::kStore, about.type.bits, 0, in_temporary(initial), 0, field});
            return;
        case TypeKind::kArray:
            return loop(about.type.count, where, [&](const Value& at) {
                builder_.emit({Op::kStoreAt, about.type.bits, 0, at.temporary, in_temporary(initial), field});
            });
    }
}

Value Body::timer_member(std::uint32_t timer, const ast::MemberExpr& member, const ast::CallExpr* call) {
    const std::string& what = member.member.text;
    if (call != nullptr && what == "arm") {
        if (!takes(*call, 1, "`arm`")) return Value::error();
        const Value ticks = expression_as(*call->arguments[0].value, Type::number(64));
        if (!ticks.type.is_error()) builder_.emit({Op::kTimerArm, 64, 0, in_temporary(ticks), 0, timer});
        return Value::nothing();
    }
    if (call != nullptr && what == "cancel") {
        if (takes(*call, 0, "`cancel`")) builder_.emit({Op::kTimerCancel, 64, 0, 0, 0, timer});
        return Value::nothing();
    }
    const bool asks = what == "running";
    if (call != nullptr || (!asks && what != "elapsed"))
        return unknown_member(member, "a timer", {"arm", "cancel", "running", "elapsed"});
    const std::uint16_t to = builder_.temporary();
    const Type type = asks ? Type::boolean() : Type::number(64);
    builder_.emit({asks ? Op::kTimerRunning : Op::kTimerElapsed, type.bits, to, 0, 0, timer});
    return Value::any(type, to);
}

Value Body::control_member(const ast::MemberExpr& member, const ast::CallExpr* call) {
    static const std::vector<std::string> kRequests = {"reset", "power_off", "exit", "panicked"};
    const auto found = std::find(kRequests.begin(), kRequests.end(), member.member.text);
    if (call == nullptr || found == kRequests.end()) return unknown_member(member, "the machine", kRequests);
    const auto which = static_cast<std::uint64_t>(found - kRequests.begin());
    const bool has_value = which >= 2;
    if (!takes(*call, has_value ? 1 : 0, "`" + member.member.text + "`")) return Value::error();
    std::uint16_t value = 0;
    if (has_value) {
        const Type type = which == 2 ? Type::number(8) : Type::boolean();
        const Value given = expression_as(*call->arguments[0].value, type);
        if (given.type.is_error()) return given;
        value = in_temporary(given);
    }
    builder_.emit({Op::kControl, 64, 0, value, 0, which});
    return Value::nothing();
}

}  // namespace nyx::device
