// What stands behind a dot: of registers, enumerations and what a device has besides numbers.
#include <fmt/format.h>

#include "compiler/device/body.h"
#include "compiler/diagnostics/did_you_mean.h"

namespace nyx::device {

using dev::ir::Op;
using diagnostics::Code;

// Of `old.field` in a migration too: its fields are symbols by both words.
const Symbol* Body::symbol_named(const ast::Expr& expr) {
    if (const auto* member = ast::try_as<ast::MemberExpr>(&expr); member != nullptr && names_old(*member->object))
        return device_.find(device_.old + "." + member->member.text);
    const auto* name = ast::try_as<ast::NameExpr>(&expr);
    return name == nullptr || find_local(name->name) != nullptr ? nullptr : device_.find(name->name);
}

std::optional<Body::Named> Body::register_named(const ast::Expr& expr) {
    if (const Symbol* symbol = symbol_named(expr); symbol != nullptr && symbol->kind == SymbolKind::kRegister) {
        const RegisterInfo& reg = device_.registers[symbol->index];
        if (reg.count == 1) return Named{&reg, Value::of(Type::literal(), 0)};
        return std::nullopt;
    }
    const auto* at = ast::try_as<ast::IndexExpr>(&expr);
    const Symbol* symbol = at == nullptr ? nullptr : symbol_named(*at->object);
    if (symbol == nullptr || symbol->kind != SymbolKind::kRegister) return std::nullopt;
    const RegisterInfo& reg = device_.registers[symbol->index];
    if (reg.count == 1) return std::nullopt;
    const Value index = expression(*at->index);
    if (!prove(index, reg.count, at->index->span, reg.name.text, "registers")) return Named{&reg, Value::error()};
    return Named{&reg, index};
}

Value Body::unknown_member(const ast::MemberExpr& member, std::string_view of, std::vector<std::string> known) {
    auto& finding =
        report(Code::kDeviceName, member.member.span, fmt::format("{} has no `{}`", of, member.member.text));
    if (auto near = diagnostics::did_you_mean(member.member.text, known)) {
        finding.help(fmt::format("did you mean `{}`?", *near))
            .fix(fmt::format("change to `{}`", *near), diagnostics::Applicability::kMaybeIncorrect, member.member.span,
                 *near);
    } else if (!known.empty()) {
        finding.help(fmt::format("it has {}", fmt::join(known, ", ")));
    }
    return Value::error();
}

Value Body::method(const ast::CallExpr& node, const ast::MemberExpr& member) {
    const Symbol* symbol = symbol_named(*member.object);
    const auto* named = ast::try_as<ast::NameExpr>(member.object.get());
    const auto phase = symbol != nullptr || named == nullptr ? device_.phases.end() : device_.phases.find(named->name);
    if (phase != device_.phases.end()) return phase_member(*phase->second, member, node);
    if (symbol != nullptr && symbol->kind == SymbolKind::kState) return state_member(symbol->index, member, &node);
    if (symbol != nullptr && symbol->kind == SymbolKind::kTimer) return timer_member(symbol->index, member, &node);
    if (symbol != nullptr && symbol->kind == SymbolKind::kControl) return control_member(member, &node);
    return mistake(Code::kDeviceType, node.callee->span, "this cannot be called");
}

bool Body::names_old(const ast::Expr& expr) {
    const auto* name = ast::try_as<ast::NameExpr>(&expr);
    return name != nullptr && !device_.old.empty() && name->name == device_.old && find_local(name->name) == nullptr;
}

// `old.field` of a migration.
Value Body::old_member(const ast::MemberExpr& node) {
    if (const Symbol* symbol = symbol_named(node)) return symbol_value(*symbol, node.member.text, node.span);
    std::vector<std::string> names;
    for (const auto& [name, symbol] : device_.symbols)
        if (name.starts_with(device_.old + ".")) names.push_back(name.substr(device_.old.size() + 1));
    return unknown_member(node, "the state of that version", names);
}

Value Body::member(const ast::MemberExpr& node) {
    if (names_old(*node.object)) return old_member(node);
    if (auto named = register_named(*node.object)) return register_member(*named, node);
    const Symbol* symbol = symbol_named(*node.object);
    if (symbol == nullptr) {
        const Value object = expression(*node.object);
        return object.type.is_error() ? object : unknown_member(node, text_of(object.type), {});
    }
    switch (symbol->kind) {
        case SymbolKind::kState:
            return state_member(symbol->index, node, nullptr);
        case SymbolKind::kTimer:
            return timer_member(symbol->index, node, nullptr);
        case SymbolKind::kControl:
            return control_member(node, nullptr);
        case SymbolKind::kClock:
            return clock_member(node);
        case SymbolKind::kEnum:
            return enum_member(device_.enums[symbol->index], node);
        default:
            return mistake(Code::kDeviceType, node.span, fmt::format("this has no `{}`", node.member.text));
    }
}

Value Body::register_member(const Named& named, const ast::MemberExpr& node) {
    if (named.index.type.is_error()) return Value::error();
    if (const FieldInfo* field = named.reg->find(node.member.text))
        return field_value(*named.reg, *field, named.index, node.span);
    std::vector<std::string> names;
    for (const FieldInfo& field : named.reg->fields)
        if (!field.name.empty()) names.push_back(field.name);
    return unknown_member(node, "`" + named.reg->name.text + "`", names);
}

Value Body::enum_member(const EnumType& of, const ast::MemberExpr& node) {
    std::vector<std::string> names;
    for (const EnumType::Value& value : of.values) {
        if (value.name == node.member.text) return Value::of({TypeBase::kEnum, of.bits, &of}, value.number);
        names.push_back(value.name);
    }
    return unknown_member(node, "`" + of.name + "`", names);
}

Value Body::clock_member(const ast::MemberExpr& node) {
    if (node.member.text != "ns") return unknown_member(node, "a clock", {"ns"});
    const std::uint16_t to = builder_.temporary();
    builder_.emit({Op::kWallTime, 64, to});
    return Value::any(Type::number(64), to);
}

}  // namespace nyx::device
