// Calls of `fn`, each in its place, and what returns from them.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/device/body.h"

namespace nyx::device {

using dev::ir::Op;
using diagnostics::Code;

Value Body::inline_call(const FunctionInfo& function, const ast::CallExpr& node) {
    if (calls_itself(function, node.span)) return Value::error();
    const ast::Ident& name = function.node->name;
    if (!takes(node, function.parameters.size(), "`" + name.text + "`")) return Value::error();
    std::vector<Value> values;
    for (std::size_t i = 0; i < function.parameters.size(); ++i)
        values.push_back(expression_as(*node.arguments[i].value, function.parameters[i]));
    function.is_called = true;
    auto scopes = std::exchange(scopes_, decltype(scopes_)(1));
    for (std::size_t i = 0; i < values.size(); ++i)
        declare_local(function.node->fn.parameters[i].name, values[i], false);
    const Inline done = inline_body(function, node.span);
    scopes_ = std::move(scopes);
    forget_mutable();
    if (!done.always_returns && function.result.base != TypeBase::kNothing)
        report(Code::kNotTotal, name.span, fmt::format("`{}` may end without a value", name.text));
    const Range range = done.is_range_known ? done.range : Range::of_bits(function.result.bits);
    return {function.result, range, std::nullopt, done.result, {}};
}

bool Body::calls_itself(const FunctionInfo& function, Span call) {
    const auto is_it = [&](const Inline& one) { return one.function == &function; };
    if (std::ranges::none_of(inlined_, is_it)) return false;
    report(Code::kNotTotal, call, fmt::format("`{}` calls itself", function.node->name.text))
        .label(function.node->name.span, "so it might not end")
        .help("what repeats is a `for` with a fixed number of rounds");
    return true;
}

Body::Inline Body::inline_body(const FunctionInfo& function, Span call) {
    Inline frame;
    frame.function = &function;
    frame.result = builder_.temporary();
    frame.has_returned = builder_.temporary();
    frame.loops = loops_.size();
    frame.call = call;
    builder_.emit({Op::kConstant, 1, frame.has_returned});
    inlined_.push_back(std::move(frame));
    const bool always_returns = block(function.node->fn.body);
    Inline done = std::move(inlined_.back());
    inlined_.pop_back();
    done.always_returns = always_returns;
    for (const std::size_t jump : done.to_end) builder_.point_here(jump);
    return done;
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
    const Value value = node.value == nullptr ? Value::of(Type::nothing(), 0) : expression_as(*node.value, type);
    if (inlined_.empty())
        give_back(value);
    else
        leave_inlined(value, type);
    return true;
}

void Body::give_back(const Value& value) {
    builder_.emit({Op::kReturn, 64, 0, builder_.returns() ? in_temporary(value) : std::uint16_t{0}});
}

// To the end of the innermost loop in it, which leaves the next, or of the function.
void Body::leave_inlined(const Value& value, Type type) {
    Inline& frame = inlined_.back();
    if (type.base != TypeBase::kNothing) {
        builder_.emit({Op::kCopy, type.bits, frame.result, in_temporary(value)});
        frame.range = frame.is_range_known ? hull(frame.range, value.range) : value.range;
        frame.is_range_known = true;
    }
    const std::uint16_t one = in_temporary(Value::of(Type::boolean(), 1));
    builder_.emit({Op::kCopy, 1, frame.has_returned, one});
    jump_out(builder_.emit({Op::kJump}));
}

// Behind a loop, and at the beginning of each round: where the function has returned, nothing more of it happens.
void Body::leave_if_returned() {
    if (inlined_.empty()) return;
    const std::uint16_t goes_on = builder_.temporary();
    builder_.emit({Op::kNot, 1, goes_on, inlined_.back().has_returned});
    jump_out(builder_.emit({Op::kJumpIfNot, 64, 0, goes_on}));
}

void Body::jump_out(std::size_t jump) {
    Inline& frame = inlined_.back();
    (loops_.size() > frame.loops ? loops_.back().to_end : frame.to_end).push_back(jump);
}

}  // namespace nyx::device
