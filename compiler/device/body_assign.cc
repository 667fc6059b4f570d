// What can be assigned to: a local, a state field or a register's storage, an element, some of the bits of one.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/device/body.h"

namespace nyx::device {

using ast::BinaryOp;
using dev::ir::kNone;
using dev::ir::Op;
using diagnostics::Code;

void Body::assign(const ast::AssignStmt& node) {
    auto target = target_of(*node.target);
    if (!target) {
        expression(*node.value);
        return;
    }
    if (!node.op) return store(*target, expression_as(*node.value, target->type), node.target->span);
    // `a op= b` is `a = a op b`, looked at as such.
    ast::BinaryExpr sum(node.span);
    sum.op = *node.op;
    sum.op_span = node.span;
    auto& left = const_cast<ast::ExprPtr&>(node.target);
    auto& right = const_cast<ast::ExprPtr&>(node.value);
    sum.left = std::move(left);
    sum.right = std::move(right);
    const Value value = converted(expression(sum), target->type, node.span);
    left = std::move(sum.left);
    right = std::move(sum.right);
    seen_.erase(&sum);
    store(*target, value, node.target->span);
}

void Body::step(const ast::StepExpr& node) {
    auto target = target_of(*node.target);
    if (!target) return;
    if (target->type.base != TypeBase::kInt) {
        report(Code::kDeviceType, node.span, fmt::format("only numbers are counted, not {}", text_of(target->type)));
        return;
    }
    Value value = operation(node.increment ? Op::kAdd : Op::kSubtract, load(*target), Value::of(target->type, 1),
                            target->type.bits);
    store(*target, value, node.target->span);
}

std::optional<Body::Target> Body::target_of(const ast::Expr& expr) {
    switch (expr.kind) {
        case ast::ExprKind::kNameExpr:
            return target_named(ast::as<ast::NameExpr>(expr));
        case ast::ExprKind::kIndexExpr:
            return target_in(ast::as<ast::IndexExpr>(expr));
        case ast::ExprKind::kMemberExpr:
            return field_target(ast::as<ast::MemberExpr>(expr));
        case ast::ExprKind::kErrorExpr:
            return std::nullopt;
        default:
            report(Code::kDeviceType, expr.span, "this is a value, not a place for one");
            return std::nullopt;
    }
}

std::optional<Body::Target> Body::target_named(const ast::NameExpr& node) {
    if (Local* local = find_local(node.name)) {
        if (local->is_mutable) return Target{local, kNone, std::nullopt, local->type, local->type};
        report(Code::kConstant, node.span, fmt::format("`{}` does not change", node.name))
            .help("one that does is declared by `let mut`");
        return std::nullopt;
    }
    const Symbol* symbol = device_.find(node.name);
    if (symbol == nullptr) {
        unknown(node.name, node.span);
        return std::nullopt;
    }
    if (symbol->kind == SymbolKind::kState &&
        device_.program.state[symbol->index].type.kind == dev::ir::TypeKind::kScalar) {
        const Type type = device_.state_types[symbol->index];
        return Target{nullptr, symbol->index, std::nullopt, type, type};
    }
    if (symbol->kind == SymbolKind::kRegister && device_.registers[symbol->index].count == 1)
        return storage_target(device_.registers[symbol->index], Value::of(Type::literal(), 0), node.span);
    report(Code::kDeviceType, node.span, fmt::format("`{}` cannot be assigned to", node.name))
        .label(symbol->where, "it is declared here");
    return std::nullopt;
}

std::optional<Body::Target> Body::storage_target(const RegisterInfo& reg, const Value& index, Span where) {
    if (reg.storage == kNone) {
        report(Code::kDeviceType, where, fmt::format("`{}` holds nothing to assign to", reg.name.text))
            .label(reg.name.span, "its handlers and fields say what it gives");
        return std::nullopt;
    }
    const Type type = Type::number(reg.bits);
    Target target{nullptr, reg.storage, std::nullopt, type, type};
    if (reg.count > 1) target.index = index;
    return target;
}

std::optional<Body::Target> Body::target_in(const ast::IndexExpr& node) {
    const Symbol* symbol = symbol_named(*node.object);
    if (symbol != nullptr && symbol->kind == SymbolKind::kState &&
        device_.program.state[symbol->index].type.kind == dev::ir::TypeKind::kArray) {
        const dev::ir::StateField& about = device_.program.state[symbol->index];
        const Value index = expression(*node.index);
        if (!prove(index, about.type.count, node.index->span, about.name, "elements")) return std::nullopt;
        const Type type = device_.state_types[symbol->index];
        return Target{nullptr, symbol->index, index, type, type};
    }
    if (auto named = register_named(node)) {
        if (named->index.type.is_error()) return std::nullopt;
        return storage_target(*named->reg, named->index, node.span);
    }
    auto whole = target_of(*node.object);
    if (!whole) return std::nullopt;
    if (const auto* range = ast::try_as<ast::BinaryExpr>(node.index.get());
        range == nullptr || range->op != BinaryOp::kRange) {
        return bit_target(std::move(*whole), expression(*node.index), node.index->span);
    }
    const auto slice = slice_of(*node.index, whole->type);
    if (!slice) return std::nullopt;
    whole->high = whole->low + slice->high;
    whole->low += slice->low;
    whole->is_part = true;
    whole->type = slice->high == slice->low ? Type::boolean() : Type::number(slice->high - slice->low + 1);
    return whole;
}

// One bit, whose number may be known only when it happens.
std::optional<Body::Target> Body::bit_target(Target whole, const Value& bit, Span where) {
    if (!prove(bit, whole.type.bits, where, "the number", "bits")) return std::nullopt;
    whole.type = Type::boolean();
    if (bit.constant) {
        whole.low += static_cast<unsigned>(*bit.constant);
        whole.high = whole.low;
        whole.is_part = true;
        return whole;
    }
    if (whole.is_part) {
        report(Code::kDeviceType, where, "a bit of a slice is assigned by its constant number");
        return std::nullopt;
    }
    whole.bit = bit;
    return whole;
}

std::optional<Body::Target> Body::field_target(const ast::MemberExpr& node) {
    if (const Symbol* saved = names_old(*node.object) ? symbol_named(node) : nullptr) {
        may_change(saved->index, node.span);
        return std::nullopt;
    }
    auto named = register_named(*node.object);
    const FieldInfo* field = named ? named->reg->find(node.member.text) : nullptr;
    if (field == nullptr) {
        if (!member(node).type.is_error()) report(Code::kDeviceType, node.span, "this is a value, not a place for one");
        return std::nullopt;
    }
    if (field->value != nullptr) {
        report(Code::kDeviceType, node.span,
               fmt::format("`{}` is computed, so nothing can be assigned to it", field->name))
            .label(field->where, "from this");
        return std::nullopt;
    }
    if (named->index.type.is_error()) return std::nullopt;
    auto target = storage_target(*named->reg, named->index, node.span);
    if (!target) return std::nullopt;
    target->high = field->high;
    target->low = field->low;
    target->is_part = true;
    target->type = field->bits() == 1 ? Type::boolean() : Type::number(field->bits());
    return target;
}

// `[7..4]` or `[3]`, both constant.
std::optional<Body::Slice> Body::slice_of(const ast::Expr& index, const Type& whole) {
    const auto* range = ast::try_as<ast::BinaryExpr>(&index);
    const bool is_range = range != nullptr && range->op == BinaryOp::kRange;
    const auto high = constant_of(device_, is_range ? *range->left : index, "a bit that is assigned, or a slice");
    const auto low = is_range ? constant_of(device_, *range->right, "a slice") : high;
    if (!high || !low) return std::nullopt;
    if (*high < *low) {
        report(Code::kDeviceRange, index.span, "a slice is written from its high bit to its low one")
            .help(fmt::format("write `[{}..{}]`", *low, *high));
        return std::nullopt;
    }
    if (*high >= whole.bits) {
        report(Code::kDeviceRange, index.span,
               fmt::format("{} has bits 0 to {}, and not {}", text_of(whole), whole.bits - 1, *high));
        return std::nullopt;
    }
    return Slice{static_cast<unsigned>(*high), static_cast<unsigned>(*low)};
}

Value Body::load(const Target& target) {
    Value whole;
    if (target.local != nullptr) {
        const Place place{Place::kLocal, target.local->number, 63, 0};
        whole = {target.whole, known(place, target.local->range), std::nullopt, target.local->temporary, place};
    } else {
        whole = target.index ? element(target.field, *target.index, {}) : loaded(target.field);
    }
    if (target.bit) return bit_at(whole, *target.bit, {});
    return target.is_part ? bits_of(whole, target.high, target.low) : whole;
}

void Body::store(const Target& target, const Value& value, Span where) {
    if (value.type.is_error()) return;
    if (target.local == nullptr && !may_change(target.field, where)) return;
    if (target.bit) return store_bit(target, value);
    if (!target.is_part) return store_whole(target, value);
    Target all = target;
    all.is_part = false;
    const unsigned bits = target.high - target.low + 1;
    const std::uint64_t mask = dev::ir::low_bits(bits) << target.low;
    const Value kept = operation(Op::kAnd, load(all),
                                 Value::of(Type::literal(), ~mask & dev::ir::low_bits(all.whole.bits)), all.whole.bits);
    Value part = value;
    if (target.low != 0) part = operation(Op::kShiftLeft, part, Value::of(Type::literal(), target.low), all.whole.bits);
    store_whole(all, operation(Op::kOr, kept, part, all.whole.bits));
    if (target.index) return;
    const Place::Kind kind = target.local != nullptr ? Place::kLocal : Place::kState;
    const std::uint32_t index = target.local != nullptr ? target.local->number : target.field;
    learn_range({kind, index, static_cast<std::uint8_t>(target.high), static_cast<std::uint8_t>(target.low)},
                value.range);
}

// A migration reads what was saved. What a phase declares, nothing outside it changes, whichever register, bank or
// function it comes through.
bool Body::may_change(std::uint32_t field, Span where) {
    if (field >= device_.first_old) {
        report(Code::kConstant, where, fmt::format("`{}` is the state as it was saved, and stays so", device_.old))
            .help("assign to the field of this version, by its name alone");
        return false;
    }
    const ast::PhaseItem* owner = device_.state_phases[field];
    if (owner == nullptr || !phases_ || std::find(phases_->begin(), phases_->end(), owner) != phases_->end())
        return true;
    const std::string& phase = owner->name.text;
    report(Code::kOutsidePhase, where,
           fmt::format("`{}` changes only in the phase `{}`, and this is outside it", device_.program.state[field].name,
                       phase))
        .label(owner->name.span, "its phase")
        .help(fmt::format("stand in it: `phase {} {{ reg … }}`", phase));
    return false;
}

void Body::store_bit(const Target& target, const Value& value) {
    Target all = target;
    all.bit.reset();
    all.type = all.whole;
    const unsigned bits = all.whole.bits;
    const Value mask = operation(Op::kShiftLeft, Value::of(Type::number(bits), 1), *target.bit, bits);
    const Value kept = operation(Op::kAnd, load(all), operation(Op::kNot, mask, mask, bits), bits);
    store_whole(all, operation(Op::kOr, kept, operation(Op::kShiftLeft, value, *target.bit, bits), bits));
}

void Body::store_whole(const Target& target, const Value& value) {
    const std::uint16_t from = in_temporary(value);
    if (target.local != nullptr) {
        builder_.emit({Op::kCopy, target.whole.bits, target.local->temporary, from});
        forget(Place::kLocal, target.local->number);
        return learn_range({Place::kLocal, target.local->number, 63, 0}, value.range);
    }
    if (target.index) {
        const std::uint16_t at = in_temporary(*target.index);
        builder_.emit({Op::kStoreAt, target.whole.bits, 0, at, from, target.field});
        return;
    }
    builder_.emit({Op::kStore, target.whole.bits, 0, from, 0, target.field});
    forget(Place::kState, target.field);
    learn_range({Place::kState, target.field, 63, 0}, value.range);
}

}  // namespace nyx::device
