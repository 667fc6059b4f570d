#include "compiler/device/test_values.h"

#include <fmt/format.h>

#include "compiler/diagnostics/did_you_mean.h"

namespace nyx::device {

using diagnostics::Code;

namespace {

// Among the names of registers.
void report_no_register(const Declared& device, const ast::NameExpr* name, Span where) {
    auto& finding = device.report(Code::kDeviceName, where, "this is no register of the device");
    if (name == nullptr) return;
    std::vector<std::string> names;
    for (const RegisterInfo& reg : device.registers) names.push_back(reg.name.text);
    if (auto near = diagnostics::did_you_mean(name->name, names))
        finding.help(fmt::format("did you mean `{}`?", *near));
}

}  // namespace

std::uint32_t TestValues::new_slot(Type type, ast::Ident name) {
    slots_.push_back({type, std::move(name)});
    return slots() - 1;
}

std::uint32_t TestValues::value(const ast::Expr& expr, std::optional<Type> wanted, Type* found) {
    prepare(expr);
    return function(expr, wanted, found);
}

std::uint32_t TestValues::part_of_value(const ast::Expr& expr) {
    diagnostics::Sink ignored;
    diagnostics::Sink* const sink = std::exchange(device_.sink, &ignored);
    const std::uint32_t made = function(expr, std::nullopt, nullptr);
    device_.sink = sink;
    return made;
}

// () -> value, over the slots.
std::uint32_t TestValues::function(const ast::Expr& expr, std::optional<Type> wanted, Type* found) {
    Body body(device_, "test", slots(), true);
    declare_names(body);
    const Value result = wanted && wanted->base == TypeBase::kBool ? body.condition(expr)
                         : wanted                                  ? body.expression_as(expr, *wanted)
                                                                   : body.expression(expr);
    if (found != nullptr) *found = result.type;
    if (!result.type.is_error()) body.give_back(result);
    program_.functions.push_back(body.finish(expr.span));
    return static_cast<std::uint32_t>(program_.functions.size() - 1);
}

void TestValues::declare_names(Body& body) const {
    for (std::size_t i = 0; i < slots_.size(); ++i)
        body.parameter(static_cast<unsigned>(i), slots_[i].name, slots_[i].type);
    for (const auto& [name, number] : counters_) body.constant(name, number);
    body.ask_first([this](const ast::Expr& one) -> std::optional<Value> {
        const auto at = prepared_.find(&one);
        if (at == prepared_.end()) return std::nullopt;
        const Type type = slots_[at->second].type;
        return Value{type, Range::of_bits(type.bits), std::nullopt, static_cast<std::uint16_t>(at->second), {}};
    });
}

const RegisterInfo* TestValues::register_of(const ast::Expr& expr, TestStep& step) {
    const auto* at = ast::try_as<ast::IndexExpr>(&expr);
    const auto* name = ast::try_as<ast::NameExpr>(at != nullptr ? at->object.get() : &expr);
    const Symbol* symbol = name == nullptr ? nullptr : device_.find(name->name);
    if (symbol == nullptr || symbol->kind != SymbolKind::kRegister) {
        report_no_register(device_, name, expr.span);
        return nullptr;
    }
    const RegisterInfo& reg = device_.registers[symbol->index];
    if ((reg.count > 1) != (at != nullptr)) {
        device_.report(Code::kDeviceItem, expr.span,
                       reg.count > 1 ? fmt::format("there are {} of `{}`: take one", reg.count, name->name)
                                     : fmt::format("there is one `{}`", name->name));
        return nullptr;
    }
    step.reg = symbol->index;
    if (at != nullptr) step.index = value(*at->index, Type::number(64));
    return &reg;
}

}  // namespace nyx::device
