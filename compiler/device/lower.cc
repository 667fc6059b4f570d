// Derived values, questions and functions of a device to functions of its program.
#include <fmt/format.h>

#include "compiler/device/lowering.h"
#include "devices/ir/effects.h"

namespace nyx::device {

using dev::ir::kNone;
using diagnostics::Code;

void Lowering::run() {
    for (const RegisterInfo& reg : device_.registers) lower(reg);
    for (const DeriveInfo& derive : device_.derives) lower(derive);
    for (dev::ir::Line& line : program_.lines)
        if (line.level == kNone) line.level = constant(line.name);
    for (const HandlerInfo& handler : device_.handlers) lower(handler);
    for (const dev::ir::Source& source : program_.sources) require_handler(source);
    for (const ast::InvariantItem* item : device_.invariants) {
        const std::string name = device_.source_text(item->condition->span);
        program_.invariants.push_back(question(*item->condition, name));
    }
    // A function that nothing calls is looked at as well.
    for (const FunctionInfo& function : device_.functions)
        if (!function.is_called) lower(function);
}

std::uint32_t Lowering::add(dev::ir::Function made) {
    program_.functions.push_back(std::move(made));
    return static_cast<std::uint32_t>(program_.functions.size() - 1);
}

void Lowering::require_pure(const dev::ir::Function& made, Span where, std::string_view what) {
    if (dev::ir::effects_of(made).is_pure()) return;
    device_.report(Code::kNotPure, where, fmt::format("{} is asked at any time, so it may not change anything", what));
}

// () -> bool, which holds where the condition does.
std::uint32_t Lowering::question(const ast::Expr& condition, const std::string& name) {
    Body body(device_, name, 0, true);
    const Value value = body.condition(condition);
    if (!value.type.is_error()) body.give_back(value);
    dev::ir::Function made = body.finish(condition.span);
    require_pure(made, condition.span, "a condition");
    return add(std::move(made));
}

std::uint32_t Lowering::constant(const std::string& name) {
    Body body(device_, name, 0, true);
    body.give_back(Value::of(Type::boolean(), 0));
    return add(body.finish({}));
}

void Lowering::lower(const DeriveInfo& derive) {
    const ast::Expr& expr = *derive.node->value;
    Body body(device_, derive.node->name.text, 0, true);
    ast::NameExpr named(derive.node->name.span);
    named.name = derive.node->name.text;
    const Value value = derive.is_line ? body.condition(named) : body.expression(named);
    if (!value.type.is_error()) body.give_back(value);
    dev::ir::Function made = body.finish(expr.span);
    require_pure(made, expr.span, "a derived value");
    const std::uint32_t function = add(std::move(made));
    const std::uint8_t bits = value.type.is_error() ? std::uint8_t{64} : value.type.bits;
    program_.derives.push_back({derive.node->name.text, bits, function});
    if (!derive.is_line) return;
    for (dev::ir::Line& line : program_.lines)
        if (line.name == derive.node->name.text) line.level = function;
}

void Lowering::lower(const FunctionInfo& function) {
    Body body(device_, function.node->name.text, static_cast<unsigned>(function.parameters.size()),
              function.result.base != TypeBase::kNothing);
    for (std::size_t i = 0; i < function.parameters.size(); ++i)
        body.parameter(static_cast<unsigned>(i), function.node->fn.parameters[i].name, function.parameters[i]);
    body.returns_type(function.result);
    body.statements(function.node->fn.body);
    body.require_return(function.result, function.node->name.span);
    body.finish(function.node->name.span);
}

void lower(Declared& device) {
    Lowering(device).run();
}

}  // namespace nyx::device
