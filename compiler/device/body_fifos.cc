// Fifos, and the length of arrays: `len`, `empty`, `full`, `push`, `pop_or`, `clear`, `at`.
#include <algorithm>

#include "compiler/device/body.h"

namespace nyx::device {

using dev::ir::Op;
using dev::ir::TypeKind;

Value Body::state_member(std::uint32_t field, const ast::MemberExpr& member, const ast::CallExpr* call) {
    const dev::ir::StateField& about = device_.program.state[field];
    if (about.type.kind == TypeKind::kFifo)
        return call == nullptr ? fifo_property(field, member) : fifo_method(field, member, *call);
    if (about.type.kind == TypeKind::kArray && member.member.text == "len" && call == nullptr)
        return Value::of(Type::literal(), about.type.count);
    return unknown_member(member, "`" + about.name + "`", {});
}

Value Body::unknown_of_fifo(const ast::MemberExpr& member) {
    return unknown_member(member, "a fifo", {"len", "empty", "full", "push", "pop_or", "clear", "at"});
}

Value Body::fifo_property(std::uint32_t field, const ast::MemberExpr& member) {
    const std::string& what = member.member.text;
    const std::uint64_t most = device_.program.state[field].type.count;
    if (what == "len") return fifo_length(field);
    if (what == "empty") return operation(Op::kEqual, fifo_length(field), Value::of(Type::literal(), 0), 64);
    if (what == "full") return operation(Op::kEqual, fifo_length(field), Value::of(Type::literal(), most), 64);
    return unknown_of_fifo(member);
}

Value Body::fifo_length(std::uint32_t field) {
    const std::uint16_t to = builder_.temporary();
    const Place place{Place::kLength, field, 63, 0};
    builder_.emit({Op::kFifoLength, 32, to, 0, 0, field});
    return {Type::number(32), known(place, {0, device_.program.state[field].type.count}), std::nullopt, to, place};
}

Value Body::fifo_method(std::uint32_t field, const ast::MemberExpr& member, const ast::CallExpr& call) {
    struct Method {
        std::string_view name;
        std::size_t arguments;
        bool changes;
        Value (Body::*lower)(std::uint32_t field, const ast::CallExpr& call);
    };
    static constexpr Method kMethods[] = {{"push", 1, true, &Body::fifo_push},
                                          {"pop_or", 1, true, &Body::fifo_pop},
                                          {"clear", 0, true, &Body::fifo_clear},
                                          {"at", 1, false, &Body::fifo_at}};
    const auto* method = std::ranges::find(kMethods, std::string_view(member.member.text), &Method::name);
    if (method == std::end(kMethods)) return unknown_of_fifo(member);
    if (method->changes && !may_change(field, member.span)) return Value::error();
    if (!takes(call, method->arguments, "`" + member.member.text + "`")) return Value::error();
    return (this->*method->lower)(field, call);
}

Value Body::fifo_push(std::uint32_t field, const ast::CallExpr& call) {
    const Type type = device_.state_types[field];
    const Value value = expression_as(*call.arguments[0].value, type);
    if (value.type.is_error()) return value;
    builder_.emit({Op::kFifoPush, type.bits, 0, in_temporary(value), 0, field});
    forget(Place::kLength, field);
    return Value::nothing();
}

Value Body::fifo_pop(std::uint32_t field, const ast::CallExpr& call) {
    const Type type = device_.state_types[field];
    const Value otherwise = expression_as(*call.arguments[0].value, type);
    if (otherwise.type.is_error()) return otherwise;
    const std::uint16_t to = builder_.temporary();
    builder_.emit({Op::kFifoPop, type.bits, to, in_temporary(otherwise), 0, field});
    forget(Place::kLength, field);
    return Value::any(type, to);
}

Value Body::fifo_clear(std::uint32_t field, const ast::CallExpr&) {
    builder_.emit({Op::kFifoClear, device_.state_types[field].bits, 0, 0, 0, field});
    forget(Place::kLength, field);
    return Value::nothing();
}

// Any of its places, filled or not.
Value Body::fifo_at(std::uint32_t field, const ast::CallExpr& call) {
    const dev::ir::StateField& about = device_.program.state[field];
    const Type type = device_.state_types[field];
    const ast::Expr& at = *call.arguments[0].value;
    const Value index = expression(at);
    if (!prove(index, about.type.count, at.span, about.name, "places")) return Value::error();
    const std::uint16_t to = builder_.temporary();
    builder_.emit({Op::kFifoAt, type.bits, to, in_temporary(index), 0, field});
    return Value::any(type, to);
}

}  // namespace nyx::device
