// Calls by a name: conversions, queries and functions.
#include <fmt/format.h>

#include <charconv>

#include "compiler/device/body.h"

namespace nyx::device {

using dev::ir::Op;
using diagnostics::Code;

std::optional<Type> Body::type_named(std::string_view name) const {
    if (name == "bool") return Type::boolean();
    unsigned bits = 0;
    if (name.size() < 2 || name[0] != 'u') return std::nullopt;
    const auto [end, error] = std::from_chars(name.data() + 1, name.data() + name.size(), bits);
    const bool is_whole = error == std::errc{} && end == name.data() + name.size() && name[1] != '0';
    return is_whole && bits >= 1 && bits <= 64 ? std::optional(Type::number(bits)) : std::nullopt;
}

bool Body::takes(const ast::CallExpr& node, std::size_t count, std::string_view what) {
    if (node.arguments.size() == count) return true;
    report(Code::kDeviceType, node.span,
           fmt::format("{} takes {} value{}, not {}", what, count, count == 1 ? "" : "s", node.arguments.size()));
    return false;
}

Value Body::call(const ast::CallExpr& node) {
    if (const auto* member = ast::try_as<ast::MemberExpr>(node.callee.get())) return method(node, *member);
    const auto* called = ast::try_as<ast::NameExpr>(node.callee.get());
    if (called == nullptr) return mistake(Code::kDeviceType, node.callee->span, "this cannot be called");
    if (const auto type = type_named(called->name)) return conversion(node, *type);
    const Symbol* symbol = symbol_named(*node.callee);
    if (symbol == nullptr) return unknown(called->name, called->span);
    switch (symbol->kind) {
        case SymbolKind::kEnum: {
            const EnumType& of = device_.enums[symbol->index];
            return conversion(node, {TypeBase::kEnum, of.bits, &of});
        }
        case SymbolKind::kQuery:
            return query(symbol->index, node);
        case SymbolKind::kFunction:
            return inline_call(device_.functions[symbol->index], node);
        case SymbolKind::kSink:
            report(Code::kDeviceType, node.span, fmt::format("`{}` is a sink", called->name))
                .fix("put `emit` before it", diagnostics::Applicability::kMachineApplicable,
                     {node.span.file, node.span.begin, node.span.begin}, "emit ");
            return Value::error();
        default:
            return mistake(Code::kDeviceType, node.callee->span, fmt::format("`{}` is no function", called->name));
    }
}

// The host answers before anything else happens.
Value Body::query(std::uint32_t number, const ast::CallExpr& node) {
    const dev::ir::Query& asked = device_.program.queries[number];
    if (!takes(node, 1, "`" + asked.name + "`")) return Value::error();
    const Value about = expression_as(*node.arguments[0].value, Type::number(asked.about));
    if (about.type.is_error()) return about;
    const std::uint16_t to = builder_.temporary();
    builder_.emit({Op::kQuery, asked.bits, to, in_temporary(about), 0, number});
    return Value::any(Type::number(asked.bits), to);
}

// `u8(e)`: cut, or with zeros above.
Value Body::conversion(const ast::CallExpr& node, Type to) {
    if (!takes(node, 1, text_of(to))) return Value::error();
    Value value = expression(*node.arguments[0].value);
    if (value.type.is_error()) return value;
    if (to.base == TypeBase::kBool && value.type.bits != 1) {
        report(Code::kDeviceType, node.span, "which of its values are true?").help("compare it: `… != 0`");
        return Value::error();
    }
    if (value.constant) return Value::of(to, *value.constant & dev::ir::low_bits(to.bits));
    if (value.range.high <= dev::ir::low_bits(to.bits)) {
        value.type = to;
        return value;
    }
    Value made = operation(Op::kCopy, value, value, to.bits);
    made.type = to;
    return made;
}

}  // namespace nyx::device
