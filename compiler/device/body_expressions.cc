#include <fmt/format.h>

#include "compiler/device/body.h"
#include "compiler/diagnostics/did_you_mean.h"
#include "devices/ir/arithmetic.h"

namespace nyx::device {

using ast::BinaryOp;
using dev::ir::Op;
using diagnostics::Code;

Value Body::expression(const ast::Expr& expr) {
    const auto lowered = [&]() -> Value {
        if (std::optional<Value> known = ask_first_ ? ask_first_(expr) : std::nullopt) return *known;
        switch (expr.kind) {
            case ast::ExprKind::kIntLiteral:
                return Value::of(Type::literal(), static_cast<std::uint64_t>(ast::as<ast::IntLiteral>(expr).value));
            case ast::ExprKind::kBoolLiteral:
                return Value::of(Type::boolean(), ast::as<ast::BoolLiteral>(expr).value ? 1 : 0);
            case ast::ExprKind::kQuantity:
                return quantity(ast::as<ast::Quantity>(expr));
            case ast::ExprKind::kNameExpr:
                return name(ast::as<ast::NameExpr>(expr));
            case ast::ExprKind::kUnaryExpr:
                return unary(ast::as<ast::UnaryExpr>(expr));
            case ast::ExprKind::kBinaryExpr:
                return binary(ast::as<ast::BinaryExpr>(expr));
            case ast::ExprKind::kCallExpr:
                return call(ast::as<ast::CallExpr>(expr));
            case ast::ExprKind::kMemberExpr:
                return member(ast::as<ast::MemberExpr>(expr));
            case ast::ExprKind::kIndexExpr:
                return index_expression(ast::as<ast::IndexExpr>(expr));
            case ast::ExprKind::kTupleExpr:
                if (ast::as<ast::TupleExpr>(expr).elements.size() == 1)
                    return expression(*ast::as<ast::TupleExpr>(expr).elements[0]);
                break;
            case ast::ExprKind::kErrorExpr:
                is_broken_ = true;
                return Value::error();
            default:
                break;
        }
        report(Code::kNotTotal, expr.span, "device code has numbers, truth values and enumerations only")
            .help("texts, floats, maps and functions as values belong into scripts");
        return Value::error();
    };
    Value value = lowered();
    seen_[&expr] = value;
    return value;
}

// Times are nanoseconds, what timers without a rate of their own count.
Value Body::quantity(const ast::Quantity& node) {
    static const std::map<std::string_view, std::uint64_t> kUnits = {
        {"ns", 1}, {"us", 1'000}, {"ms", 1'000'000}, {"s", 1'000'000'000}};
    const auto* number = ast::try_as<ast::IntLiteral>(node.number.get());
    const auto unit = kUnits.find(node.unit.text);
    if (number == nullptr || unit == kUnits.end() || number->value < 0 || number->value > 1'000'000'000)
        return mistake(Code::kDeviceType, node.span,
                       "of the quantities device code has whole times only, as in `10 ms`");
    return Value::of(Type::literal(), static_cast<std::uint64_t>(number->value) * unit->second);
}

Value Body::name(const ast::NameExpr& node) {
    if (const Local* local = find_local(node.name)) {
        if (local->constant) return Value::of(local->type, *local->constant);
        const Place place{Place::kLocal, local->number, 63, 0};
        return {local->type, known(place, local->range), std::nullopt, local->temporary, place};
    }
    const Symbol* symbol = device_.find(node.name);
    return symbol == nullptr ? unknown(node.name, node.span) : symbol_value(*symbol, node.name, node.span);
}

Value Body::unknown(std::string_view called, Span where) {
    auto& finding = report(Code::kDeviceName, where, fmt::format("the device has nothing called `{}`", called));
    std::vector<std::string> names = device_.names();
    for (const auto& scope : scopes_)
        for (const auto& [name, local] : scope) names.push_back(name);
    if (auto near = diagnostics::did_you_mean(called, names)) {
        finding.help(fmt::format("did you mean `{}`?", *near));
        finding.fix(fmt::format("change to `{}`", *near), diagnostics::Applicability::kMaybeIncorrect, where, *near);
    } else {
        finding.help("a handler sees its parameters, `let` names, and the state, registers and ports of its device");
    }
    return Value::error();
}

Value Body::symbol_value(const Symbol& symbol, std::string_view called, Span where) {
    switch (symbol.kind) {
        case SymbolKind::kState:
            if (device_.program.state[symbol.index].type.kind == dev::ir::TypeKind::kScalar)
                return loaded(symbol.index);
            return mistake(Code::kDeviceType, where, fmt::format("`{}` is many values; take one of them", called));
        case SymbolKind::kRegister: {
            const RegisterInfo& reg = device_.registers[symbol.index];
            if (reg.count == 1) return register_value(reg, Value::of(Type::literal(), 0), where);
            return mistake(Code::kDeviceType, where,
                           fmt::format("there are {} of `{}`; take one of them", reg.count, called));
        }
        case SymbolKind::kDerive:
            return derived(device_.derives[symbol.index], where);
        case SymbolKind::kSetting: {
            const std::uint16_t to = builder_.temporary();
            const Type type = device_.setting_types[symbol.index];
            builder_.emit({Op::kSetting, type.bits, to, 0, 0, symbol.index});
            return {type, device_.setting_ranges[symbol.index], std::nullopt, to, {}};
        }
        default:
            break;
    }
    return mistake(Code::kDeviceType, where, fmt::format("`{}` is no value", called));
}

Value Body::derived(const DeriveInfo& derive, Span where) {
    for (const DeriveInfo* one : derives_on_the_way_) {
        if (one != &derive) continue;
        report(Code::kNotTotal, where, fmt::format("`{}` follows from itself", derive.node->name.text))
            .label(derive.node->value->span, "by this");
        return Value::error();
    }
    derives_on_the_way_.push_back(&derive);
    auto scopes = std::exchange(scopes_, decltype(scopes_)(1));
    Value value = expression(*derive.node->value);
    if (derive.node->type)
        value = converted(value, read_type(device_, *derive.node->type).element, derive.node->value->span);
    if (value.type.base == TypeBase::kLiteral) {
        report(Code::kDeviceType, derive.node->value->span, fmt::format("`{}` needs a type", derive.node->name.text))
            .help(fmt::format("write `derive {}: u8 = …`", derive.node->name.text));
        value = Value::error();
    }
    scopes_ = std::move(scopes);
    derives_on_the_way_.pop_back();
    return value;
}

std::uint16_t Body::in_temporary(const Value& value) {
    if (!value.constant) return value.temporary;
    const std::uint16_t to = builder_.temporary();
    builder_.emit({Op::kConstant, 64, to, 0, 0, *value.constant});
    return to;
}

Value Body::operation(Op op, const Value& a, const Value& b, unsigned bits) {
    const Type type = op == Op::kEqual || op == Op::kLess ? Type::boolean() : Type::number(bits);
    if (a.constant && b.constant) return Value::of(type, dev::ir::result_of(op, bits, *a.constant, *b.constant));
    const std::uint16_t left = in_temporary(a), right = in_temporary(b), to = builder_.temporary();
    const bool has_b = op != Op::kNot && op != Op::kCopy;
    builder_.emit({op, static_cast<std::uint8_t>(bits), to, left, has_b ? right : std::uint16_t{0}});
    return {type, range_of(op, a.range, b.range, bits), std::nullopt, to, {}};
}

Value Body::loaded(std::uint32_t field) {
    const Type type = device_.state_types[field];
    const Place place{Place::kState, field, 63, 0};
    const std::uint16_t to = builder_.temporary();
    builder_.emit({Op::kLoad, type.bits, to, 0, 0, field});
    return {type, known(place, Range::of_bits(type.bits)), std::nullopt, to, place};
}

Value Body::element(std::uint32_t field, const Value& index, Span where) {
    const dev::ir::StateField& about = device_.program.state[field];
    if (!prove(index, about.type.count, where, about.name, "elements")) return Value::error();
    const Type type = device_.state_types[field];
    const std::uint16_t at = in_temporary(index), to = builder_.temporary();
    builder_.emit({Op::kLoadAt, type.bits, to, at, 0, field});
    return {type, Range::of_bits(type.bits), std::nullopt, to, {}};
}

// False, and reported: a value of the index lies outside.
bool Body::prove(const Value& index, std::uint64_t count, Span where, std::string_view what, std::string_view has) {
    if (index.type.is_error()) return false;
    if (!index.type.is_number()) {
        report(Code::kDeviceType, where, fmt::format("an index is a number, not {}", text_of(index.type)));
        return false;
    }
    if (index.range.high < count) return true;
    const std::uint64_t breaking = std::max(index.range.low, count);
    report(Code::kDeviceRange, where,
           fmt::format("`{}` has {} {}, and the index may be {}", what, count, has, breaking),
           index.range.is_one() ? "" : fmt::format("this can be {}", text_of(index.range)))
        .help(fmt::format("compare it first, `if index < {} {{ … }}`, or take fewer of its bits", count));
    return false;
}

Value Body::bits_of(const Value& value, unsigned high, unsigned low) {
    const unsigned bits = high - low + 1;
    if (value.constant) return Value::of(Type::number(bits), *value.constant >> low & dev::ir::low_bits(bits));
    const Value shifted = low == 0 ? value : operation(Op::kShiftRight, value, Value::of(Type::literal(), low), 64);
    const std::uint16_t to = builder_.temporary();
    builder_.emit({Op::kCopy, static_cast<std::uint8_t>(bits), to, in_temporary(shifted)});
    Value made{Type::number(bits),
               meet(Range::of_bits(bits), range_of(Op::kCopy, shifted.range, {}, bits)),
               std::nullopt,
               to,
               {}};
    if (value.place.kind != Place::kNone && value.place.high == 63 && value.place.low == 0) {
        made.place = {value.place.kind, value.place.index, static_cast<std::uint8_t>(high),
                      static_cast<std::uint8_t>(low)};
        made.range = known(made.place, made.range);
    }
    return made;
}

Value Body::bit_at(const Value& value, const Value& index, Span where) {
    if (!prove(index, value.type.bits, where, "the number", "bits")) return Value::error();
    Value shifted = operation(Op::kShiftRight, value, index, 64);
    Value bit = bits_of(shifted, 0, 0);
    bit.type = Type::boolean();
    return bit;
}

Value Body::register_value(const RegisterInfo& reg, const Value& index, Span where) {
    Value all = Value::of(Type::number(reg.bits), 0);
    if (reg.storage != dev::ir::kNone) all = reg.count == 1 ? loaded(reg.storage) : element(reg.storage, index, where);
    std::uint64_t clear = 0, fixed = 0;
    for (const FieldInfo& field : reg.fields) {
        const std::uint64_t mask = dev::ir::low_bits(field.bits()) << field.low;
        if (field.value != nullptr || field.kind == dev::ir::Kind::kConst || field.kind == dev::ir::Kind::kReserved)
            clear |= field.is_preserved ? 0 : mask;
        fixed |= field.value == nullptr ? field.fixed << field.low : 0;
    }
    if (clear != 0)
        all = operation(Op::kAnd, all, Value::of(Type::literal(), ~clear & dev::ir::low_bits(reg.bits)), reg.bits);
    if (fixed != 0) all = operation(Op::kOr, all, Value::of(Type::literal(), fixed), reg.bits);
    for (const FieldInfo& field : reg.fields) {
        if (field.value == nullptr) continue;
        Value part = field_value(reg, field, index, where);
        if (part.type.is_error()) return part;
        if (field.low != 0) part = operation(Op::kShiftLeft, part, Value::of(Type::literal(), field.low), reg.bits);
        all = operation(Op::kOr, all, part, reg.bits);
    }
    return all;
}

Value Body::field_value(const RegisterInfo& reg, const FieldInfo& field, const Value& index, Span where) {
    const Type type = field.bits() == 1 ? Type::boolean() : Type::number(field.bits());
    if (field.value != nullptr) {
        auto scopes = std::exchange(scopes_, decltype(scopes_)(1));
        const Value value = converted(expression(*field.value), type, field.value->span);
        scopes_ = std::move(scopes);
        return value;
    }
    if (field.kind == dev::ir::Kind::kConst || (field.kind == dev::ir::Kind::kReserved && !field.is_preserved))
        return Value::of(type, field.fixed);
    if (reg.storage == dev::ir::kNone) {
        report(Code::kDeviceType, where,
               fmt::format("`{}` holds nothing: its handlers say what it gives", reg.name.text));
        return Value::error();
    }
    const Value all = reg.count == 1 ? loaded(reg.storage) : element(reg.storage, index, where);
    if (all.type.is_error()) return all;
    Value part = bits_of(all, field.high, field.low);
    part.type = type;
    return part;
}

Value Body::index_expression(const ast::IndexExpr& node) {
    const Symbol* symbol = symbol_named(*node.object);
    if (symbol != nullptr && symbol->kind == SymbolKind::kState) {
        const dev::ir::TypeKind kind = device_.program.state[symbol->index].type.kind;
        if (kind == dev::ir::TypeKind::kArray) return element(symbol->index, expression(*node.index), node.index->span);
        if (kind == dev::ir::TypeKind::kFifo) {
            report(Code::kDeviceType, node.span, "a fifo is read by `pop_or(e)` and `at(i)`");
            return Value::error();
        }
    }
    if (auto named = register_named(node)) {
        if (named->index.type.is_error()) return Value::error();
        return register_value(*named->reg, named->index, node.index->span);
    }
    const Value value = expression(*node.object);
    if (value.type.is_error()) return value;
    if (value.type.base != TypeBase::kInt)
        return mistake(Code::kDeviceType, node.object->span,
                       fmt::format("{} has no bits to take", text_of(value.type)));
    const auto* range = ast::try_as<ast::BinaryExpr>(node.index.get());
    if (range == nullptr || range->op != BinaryOp::kRange)
        return bit_at(value, expression(*node.index), node.index->span);
    const auto slice = slice_of(*node.index, value.type);
    return slice ? bits_of(value, slice->high, slice->low) : Value::error();
}

}  // namespace nyx::device
