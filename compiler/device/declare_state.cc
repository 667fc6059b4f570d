// What a device has of its own: types, state, timers, functions, enumerations.
#include <fmt/format.h>

#include "compiler/device/body.h"
#include "compiler/device/declarer.h"

namespace nyx::device {

using diagnostics::Code;

DeclaredType read_type(const Declared& device, const ast::TypeRef& type) {
    DeclaredType made;
    const bool is_array = type.name == "array", is_fifo = type.name == "fifo";
    if (is_array || is_fifo) {
        const std::size_t wanted = is_array ? 1 : 2;
        if (type.parameters.size() != wanted || (is_array && type.arguments.size() != 1)) {
            device.report(Code::kDeviceType, type.span, "many values are `[u8; 16]` or `fifo<u8, 16>`");
            return made;
        }
        made.kind = is_array ? dev::ir::TypeKind::kArray : dev::ir::TypeKind::kFifo;
        made.element = read_type(device, type.parameters[0]).element;
        std::optional<std::uint64_t> count;
        if (is_array) {
            count = constant_of(device, *type.arguments[0], "the length of an array");
        } else {
            count = std::strtoull(type.parameters[1].name.c_str(), nullptr, 0);
        }
        if (count && (*count < 1 || *count > 65536)) {
            device.report(Code::kDeviceType, type.span, "it holds 1 to 65536 values");
            count.reset();
        }
        made.count = static_cast<std::uint32_t>(count.value_or(1));
        return made;
    }
    if (type.name == "bool") {
        made.element = Type::boolean();
        return made;
    }
    if (const Symbol* symbol = device.find(type.name); symbol != nullptr && symbol->kind == SymbolKind::kEnum) {
        const EnumType& of = device.enums[symbol->index];
        made.element = {TypeBase::kEnum, of.bits, &of};
        return made;
    }
    const unsigned bits = type.name.size() > 1 && type.name.size() < 4 && type.name[0] == 'u'
                              ? static_cast<unsigned>(std::strtoul(type.name.c_str() + 1, nullptr, 10))
                              : 0;
    if (bits >= 1 && bits <= 64 && type.name == fmt::format("u{}", bits)) {
        made.element = Type::number(bits);
    } else {
        device.report(Code::kDeviceType, type.span, fmt::format("device code has no type `{}`", type.name))
            .help("it has `bool`, `u1` to `u64`, enumerations, `[T; n]` and `fifo<T, n>`");
    }
    return made;
}

std::uint32_t Declarer::add_state(const std::string& name, dev::ir::Type type, Type element, std::uint64_t initial,
                                  const std::vector<const ast::PhaseItem*>& phases) {
    dev::ir::Program& program = device_.program;
    dev::ir::StateField field;
    field.id = static_cast<std::uint32_t>(program.state.size() + 1);
    field.name = name;
    field.type = type;
    field.initial = initial;
    program.state.push_back(std::move(field));
    device_.state_types.push_back(element);
    device_.state_phases.push_back(phases.empty() ? nullptr : phases.back());
    return static_cast<std::uint32_t>(program.state.size() - 1);
}

void Declarer::state(const ast::StateItem& item, const Surroundings& around) {
    for (const ast::StateVar& variable : item.variables) {
        const ast::FieldDecl& field = variable.field;
        if (!field.type) {
            bad(field.name.span, fmt::format("`{0}` needs a type, as in `{0}: u8 = 0`", field.name.text));
            continue;
        }
        const DeclaredType type = read_type(device_, *field.type);
        if (type.element.is_error() || !add(field.name, SymbolKind::kState, device_.program.state.size())) continue;
        std::uint64_t initial = 0;
        if (field.value != nullptr) {
            Body body(device_, "", 0, false);
            const Value value = body.expression_as(*field.value, type.element);
            if (!value.type.is_error() && !value.constant) bad(field.value->span, "the state begins with constants");
            initial = value.constant.value_or(0);
            if (type.kind == dev::ir::TypeKind::kFifo) bad(field.value->span, "a fifo begins empty");
        }
        const std::uint32_t made = add_state(field.name.text, {type.kind, type.element.bits, type.count}, type.element,
                                             initial, around.phases);
        dev::ir::StateField& state = device_.program.state[made];
        state.doc = field.doc;
        if (variable.since == nullptr) continue;
        state.since = static_cast<std::uint32_t>(constant_of(device_, *variable.since, "a version").value_or(1));
        if (state.since >= 1 && state.since <= device_.program.version) continue;
        bad(variable.since->span,
            fmt::format("the state has version {}, so nothing is in it since {}", device_.program.version, state.since))
            .help(fmt::format("raise the version: `snapshot {}`", state.since));
        state.since = 1;
    }
}

void Declarer::timer(const ast::TimerItem& item) {
    dev::ir::Timer made;
    made.id = static_cast<std::uint32_t>(device_.program.timers.size() + 1);
    made.name = item.name.text;
    for (const ast::Argument& argument : item.arguments) {
        if (!argument.name || argument.name->text != "hz") {
            bad(argument.value->span, "of a timer its rate can be given: `timer name(hz: 1000)`");
            continue;
        }
        made.hertz = constant_of(device_, *argument.value, "a rate").value_or(1);
        if (made.hertz >= 1 && made.hertz <= 1'000'000'000) continue;
        bad(argument.value->span, "a timer counts 1 to 1000000000 ticks a second");
        made.hertz = 1;
    }
    if (add(item.name, SymbolKind::kTimer, device_.program.timers.size())) device_.program.timers.push_back(made);
}

void Declarer::function(const ast::FnItem& item) {
    FunctionInfo made;
    made.node = item.function.get();
    made.result = Type::nothing();
    for (const ast::Parameter& parameter : made.node->fn.parameters) {
        if (!parameter.type)
            bad(parameter.name.span, fmt::format("`{0}` needs a type: `{0}: u8`", parameter.name.text));
        made.parameters.push_back(parameter.type ? read_type(device_, *parameter.type).element : Type::error());
    }
    if (made.node->fn.result) made.result = read_type(device_, *made.node->fn.result).element;
    if (add(made.node->name, SymbolKind::kFunction, device_.functions.size()))
        device_.functions.push_back(std::move(made));
}

void Declarer::enumeration(const ast::EnumItem& item) {
    EnumType made;
    made.name = item.name.text;
    made.where = item.name.span;
    const Type type = item.type ? read_type(device_, *item.type).element : Type::number(8);
    made.bits = type.bits;
    for (const ast::FieldDecl& value : item.values) {
        const auto number = constant_of(device_, *value.value, "the value of a name");
        if (!number) continue;
        if (*number > dev::ir::low_bits(made.bits))
            device_.report(Code::kDeviceRange, value.value->span,
                           fmt::format("{} does not fit u{}", *number, made.bits));
        made.values.push_back({value.name.text, *number & dev::ir::low_bits(made.bits)});
    }
    if (add(item.name, SymbolKind::kEnum, device_.enums.size())) device_.enums.push_back(std::move(made));
}

}  // namespace nyx::device
