// Registers to what reads and writes of them do.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/device/lowering.h"

namespace nyx::device {

using dev::ir::Kind;
using dev::ir::kNone;
using dev::ir::low_bits;
using diagnostics::Code;

void Lowering::lower(const RegisterInfo& info) {
    dev::ir::Register reg;
    reg.name = info.name.text;
    reg.bank = info.bank;
    reg.offset = info.offset;
    reg.width = static_cast<std::uint8_t>(info.bits / 8);
    reg.count = info.count;
    reg.stride = info.stride;
    reg.kind = info.kind;
    reg.doc = info.doc;
    reg.readable = info.kind != Kind::kWriteOnly && info.kind != Kind::kDoorbell;
    reg.writable = info.kind != Kind::kReadOnly && info.kind != Kind::kConst;
    reg.guard = guard(info);
    reg.phase = phase(info);
    reg.storage = info.storage;
    reg.by_parts = info.by_parts;
    for (const FieldInfo& field : info.fields) add_bits(reg, field);
    reg.computed = computed(info, reg);
    const bool is_window = info.window != kNone;
    reg.on_read = is_window ? window_read(info) : on_read(info);
    reg.on_write = is_window ? window_write(info) : on_write(info);
    promise(info, reg);
    program_.registers.push_back(std::move(reg));
}

void Lowering::add_bits(dev::ir::Register& reg, const FieldInfo& field) {
    const std::uint64_t mask = low_bits(field.bits()) << field.low;
    if (!field.name.empty())
        reg.fields.push_back({field.name, static_cast<std::uint8_t>(field.high), static_cast<std::uint8_t>(field.low),
                              field.kind, field.doc});
    if (field.value != nullptr) {
        reg.computed_mask |= mask;
        return;
    }
    const bool is_fixed = field.kind == Kind::kConst || (field.kind == Kind::kReserved && !field.is_preserved) ||
                          (field.kind == Kind::kWriteOnly && reg.readable);
    if (is_fixed) {
        reg.fixed_mask |= mask;
        reg.fixed |= field.fixed << field.low;
    }
    if (!field.is_stored) return;
    switch (field.kind) {
        case Kind::kReadWrite:
        case Kind::kWriteOnly:
        case Kind::kReserved:
            reg.write.plain |= mask;
            break;
        case Kind::kOneClears:
            reg.write.one_clears |= mask;
            break;
        case Kind::kOneSets:
            reg.write.one_sets |= mask;
            break;
        case Kind::kZeroClears:
            reg.write.zero_clears |= mask;
            break;
        case Kind::kReadClears:
            reg.read_clears |= mask;
            break;
        default:
            break;
    }
}

std::uint32_t Lowering::computed(const RegisterInfo& info, const dev::ir::Register& reg) {
    if (reg.computed_mask == 0) return kNone;
    Body body(device_, reg.name + " computed", 1, true);
    const Value index{Type::literal(), {0, info.count - 1}, std::nullopt, 0, {}};
    Value all = Value::of(Type::number(info.bits), 0);
    for (const FieldInfo& field : info.fields) {
        if (field.value == nullptr) continue;
        Value part = body.field_value(info, field, index, field.where);
        if (part.type.is_error()) continue;
        if (field.low != 0)
            part = body.operation(dev::ir::Op::kShiftLeft, part, Value::of(Type::literal(), field.low), info.bits);
        all = body.operation(dev::ir::Op::kOr, all, part, info.bits);
    }
    body.give_back(all);
    dev::ir::Function made = body.finish(info.name.span);
    require_pure(made, info.name.span, "a computed field");
    return add(std::move(made));
}

// The last two names of a handler: the first byte of the part, and how many there are.
void Lowering::part_parameters(Body& body, const RegisterInfo& info, unsigned first,
                               const std::vector<ast::Ident>& names) {
    const std::uint64_t width = info.bits / 8;
    body.counted_parameter(first, names[names.size() - 2], {0, width - 1});
    body.counted_parameter(first + 1, names.back(), {1, width});
}

std::uint32_t Lowering::on_read(const RegisterInfo& info) {
    if (info.on_read == nullptr) return kNone;
    const bool is_array = info.count > 1;
    const unsigned part = info.by_parts ? 2 : 0;
    Body body(device_, info.name.text + " read", 1 + part, true);
    const std::vector<ast::Ident> names = parameters(*info.on_read, (is_array ? 1 : 0) + part);
    if (is_array) body.counted_parameter(0, names[0], {0, info.count - 1});
    if (info.by_parts) part_parameters(body, info, 1, names);
    body.within({});  // a read is answered at any time
    const Type type = Type::number(info.bits);
    body.returns_type(type);
    body.statements(info.on_read->body);
    body.require_return(type, info.on_read->event.span);
    return add(body.finish(info.on_read->event.span));
}

// (v), and the register's value before; of an array (v, index, before). By parts nothing is known of before.
std::uint32_t Lowering::on_write(const RegisterInfo& info) {
    if (info.on_write == nullptr) return kNone;
    const bool is_array = info.count > 1;
    const std::size_t most = (info.by_parts ? 3u : 2u) + (is_array ? 1u : 0u);
    Body body(device_, info.name.text + " write", info.by_parts ? 5 : 3, false);
    const std::vector<ast::Ident> names = parameters(*info.on_write, most);
    body.parameter(0, names[0], Type::number(info.bits));
    if (!info.by_parts) body.parameter(1, names[is_array ? 2 : 1], Type::number(info.bits));
    if (is_array) body.counted_parameter(2, names[1], {0, info.count - 1});
    if (info.by_parts) part_parameters(body, info, 3, names);
    body.within(info.phases);
    body.statements(info.on_write->body);
    return add(body.finish(info.on_write->event.span));
}

// The element that the index names; past the array reads give ones, and writes nothing.
std::uint32_t Lowering::window_read(const RegisterInfo& info) {
    FunctionBuilder code(info.name.text + " read", 1, true);
    const auto [index, inside] = window_index(code, info);
    const std::uint16_t value = code.temporary();
    code.emit({dev::ir::Op::kConstant, 8, value, 0, 0, 0xFF});
    const std::size_t past = code.emit({dev::ir::Op::kJumpIfNot, 64, 0, inside});
    code.emit({dev::ir::Op::kLoadAt, 8, value, index, 0, info.window});
    code.point_here(past);
    code.emit({dev::ir::Op::kReturn, 64, 0, value});
    return add(code.finish());
}

std::uint32_t Lowering::window_write(const RegisterInfo& info) {
    FunctionBuilder code(info.name.text + " write", 3, false);
    const std::uint16_t index = window_index(code, info).first;
    code.emit({dev::ir::Op::kStoreAt, 8, 0, index, 0, info.window});
    return add(code.finish());
}

// The index, and whether the array has it.
std::pair<std::uint16_t, std::uint16_t> Lowering::window_index(FunctionBuilder& code, const RegisterInfo& info) {
    const std::uint16_t index = code.temporary(), count = code.temporary(), inside = code.temporary();
    code.emit({dev::ir::Op::kLoad, 8, index, 0, 0, device_.registers[info.index_register].storage});
    code.emit({dev::ir::Op::kConstant, 32, count, 0, 0, program_.state[info.window].type.count});
    code.emit({dev::ir::Op::kLess, 1, inside, index, count});
    return {index, inside};
}

void Lowering::promise(const RegisterInfo& info, dev::ir::Register& reg) {
    if (!info.promise) return;
    const ast::Ident& name = *info.promise;
    std::string wanted = name.text;
    std::ranges::replace(wanted, '-', '_');  // `const-read` has been reported, and is known all the same
    std::vector<std::string> known;
    for (unsigned i = 0; i <= static_cast<unsigned>(dev::ir::Service::kTable); ++i) {
        const auto service = static_cast<dev::ir::Service>(i);
        std::string& word = known.emplace_back(dev::ir::service_name(service));
        std::ranges::replace(word, '-', '_');  // a name in the source has no dash
        if (known.back() != wanted) continue;
        reg.promise = service;
        return;
    }
    auto& finding = device_.report(Code::kPromiseBroken, name.span, fmt::format("there is no class `{}`", name.text));
    finding.help(fmt::format("there are {}", fmt::join(known, ", ")));
}

}  // namespace nyx::device
