// Registers, derived values, lines and handlers to functions of the program.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/device/compiler_steps.h"
#include "compiler/diagnostics/did_you_mean.h"
#include "devices/ir/effects.h"

namespace nyx::device {

using dev::ir::Kind;
using dev::ir::kNone;
using dev::ir::low_bits;
using diagnostics::Code;

namespace {

class Lowering {
  public:
    explicit Lowering(Declared& device) : device_(device), program_(device.program) {}

    void run() {
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

  private:
    std::uint32_t add(dev::ir::Function made) {
        program_.functions.push_back(std::move(made));
        return static_cast<std::uint32_t>(program_.functions.size() - 1);
    }

    void require_pure(const dev::ir::Function& made, Span where, std::string_view what) {
        if (dev::ir::effects_of(made).is_pure()) return;
        device_.report(Code::kNotPure, where,
                       fmt::format("{} is asked at any time, so it may not change anything", what));
    }

    // () -> bool, which holds where the condition does.
    std::uint32_t question(const ast::Expr& condition, const std::string& name) {
        Body body(device_, name, 0, true);
        const Value value = body.condition(condition);
        if (!value.type.is_error()) body.give_back(value);
        dev::ir::Function made = body.finish(condition.span);
        require_pure(made, condition.span, "a condition");
        return add(std::move(made));
    }

    std::uint32_t constant(const std::string& name) {
        Body body(device_, name, 0, true);
        body.give_back(Value::of(Type::boolean(), 0));
        return add(body.finish({}));
    }

    void lower(const DeriveInfo& derive) {
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

    // ---- Registers

    std::string guard_name(const std::vector<Guard>& guards) const {
        std::string text;
        for (const Guard& guard : guards) {
            const ast::Expr& condition = *guard.when->condition;
            const std::string one = device_.source_text(condition.span);
            const bool is_simple = condition.kind != ast::ExprKind::kBinaryExpr;
            text += (text.empty() ? "" : " && ") + (guard.is_negated ? is_simple ? "!" + one : "!(" + one + ")" : one);
        }
        return text;
    }

    std::uint32_t guard(const RegisterInfo& reg) {
        if (reg.guards.empty()) return kNone;
        const std::string name = guard_name(reg.guards);
        if (const auto known = guards_.find(name); known != guards_.end()) return known->second;
        Body body(device_, name, 0, true);
        Value all = Value::of(Type::boolean(), 1);
        for (const Guard& one : reg.guards) {
            Value holds = body.condition(*one.when->condition);
            if (holds.type.is_error()) continue;
            if (one.is_negated) holds = body.operation(dev::ir::Op::kEqual, holds, Value::of(Type::boolean(), 0), 1);
            all = body.operation(dev::ir::Op::kAnd, all, holds, 1);
        }
        body.give_back(all);
        const Span where = reg.guards.back().when->condition->span;
        dev::ir::Function made = body.finish(where);
        require_pure(made, where, "a guard");
        return guards_[name] = add(std::move(made));
    }

    std::uint32_t phase(const RegisterInfo& reg) {
        if (reg.phases.empty()) return kNone;
        Body body(device_, reg.phases.back()->name.text, 0, true);
        Value all = Value::of(Type::boolean(), 1);
        for (const ast::PhaseItem* one : reg.phases) {
            const Value holds = body.condition(*one->after);
            if (!holds.type.is_error()) all = body.operation(dev::ir::Op::kAnd, all, holds, 1);
        }
        body.give_back(all);
        const Span where = reg.phases.back()->after->span;
        dev::ir::Function made = body.finish(where);
        require_pure(made, where, "a phase");
        return add(std::move(made));
    }

    void lower(const RegisterInfo& info) {
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
        for (const FieldInfo& field : info.fields) add_bits(reg, field);
        reg.computed = computed(info, reg);
        const bool is_window = info.window != kNone;
        reg.on_read = is_window ? window_read(info) : on_read(info);
        reg.on_write = is_window ? window_write(info) : on_write(info);
        promise(info, reg);
        program_.registers.push_back(std::move(reg));
    }

    static void add_bits(dev::ir::Register& reg, const FieldInfo& field) {
        const std::uint64_t mask = low_bits(field.bits()) << field.low;
        if (!field.name.empty())
            reg.fields.push_back({field.name, static_cast<std::uint8_t>(field.high),
                                  static_cast<std::uint8_t>(field.low), field.kind, field.doc});
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

    std::uint32_t computed(const RegisterInfo& info, const dev::ir::Register& reg) {
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

    // The names of a handler's parameters, in order; those that are left out are empty.
    std::vector<ast::Ident> parameters(const ast::OnStmt& node, std::size_t most) {
        std::vector<ast::Ident> names;
        for (const ast::ExprPtr& one : node.arguments) {
            const auto* name = ast::try_as<ast::NameExpr>(one.get());
            if (name == nullptr) {
                device_.report(Code::kDeviceItem, one->span, "a parameter of a handler is a name");
            } else {
                names.push_back({name->name, name->span});
            }
        }
        if (names.size() > most)
            device_.report(
                Code::kDeviceItem, names[most].span,
                fmt::format("`on {}` has at most {} parameter{} here", node.event.text, most, most == 1 ? "" : "s"));
        names.resize(most);
        return names;
    }

    std::uint32_t on_read(const RegisterInfo& info) {
        if (info.on_read == nullptr) return kNone;
        const bool is_array = info.count > 1;
        Body body(device_, info.name.text + " read", 1, true);
        const std::vector<ast::Ident> names = parameters(*info.on_read, is_array ? 1 : 0);
        if (is_array) body.counted_parameter(0, names[0], info.count);
        body.within({});  // a read is answered at any time
        const Type type = Type::number(info.bits);
        body.returns_type(type);
        body.statements(info.on_read->body);
        body.require_return(type, info.on_read->event.span);
        return add(body.finish(info.on_read->event.span));
    }

    // (v), and the register's value before; of an array (v, index, before).
    std::uint32_t on_write(const RegisterInfo& info) {
        if (info.on_write == nullptr) return kNone;
        const bool is_array = info.count > 1;
        Body body(device_, info.name.text + " write", 3, false);
        const std::vector<ast::Ident> names = parameters(*info.on_write, is_array ? 3 : 2);
        body.parameter(0, names[0], Type::number(info.bits));
        body.parameter(1, names[is_array ? 2 : 1], Type::number(info.bits));
        if (is_array) body.counted_parameter(2, names[1], info.count);
        body.within(info.phases);
        body.statements(info.on_write->body);
        return add(body.finish(info.on_write->event.span));
    }

    // The element that the index names; past the array reads give ones, and writes nothing.
    std::uint32_t window_read(const RegisterInfo& info) {
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

    std::uint32_t window_write(const RegisterInfo& info) {
        FunctionBuilder code(info.name.text + " write", 3, false);
        const std::uint16_t index = window_index(code, info).first;
        code.emit({dev::ir::Op::kStoreAt, 8, 0, index, 0, info.window});
        return add(code.finish());
    }

    // The index, and whether the array has it.
    std::pair<std::uint16_t, std::uint16_t> window_index(FunctionBuilder& code, const RegisterInfo& info) {
        const std::uint16_t index = code.temporary(), count = code.temporary(), inside = code.temporary();
        code.emit({dev::ir::Op::kLoad, 8, index, 0, 0, device_.registers[info.index_register].storage});
        code.emit({dev::ir::Op::kConstant, 32, count, 0, 0, program_.state[info.window].type.count});
        code.emit({dev::ir::Op::kLess, 1, inside, index, count});
        return {index, inside};
    }

    void promise(const RegisterInfo& info, dev::ir::Register& reg) {
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
        auto& finding =
            device_.report(Code::kPromiseBroken, name.span, fmt::format("there is no class `{}`", name.text));
        finding.help(fmt::format("there are {}", fmt::join(known, ", ")));
    }

    // ---- What happens to the device

    void lower(const HandlerInfo& handler) {
        const std::string& event = handler.node->event.text;
        const Symbol* symbol = device_.find(event);
        if (event == "reset" || event == "power_on") {
            std::uint32_t dev::ir::Program::* const into =
                event == "reset" ? &dev::ir::Program::on_reset : &dev::ir::Program::on_power_on;
            once(program_.*into, *handler.node, event);
            const std::uint32_t made = handle(handler, 0, {});
            program_.*into = made;
        } else if (symbol != nullptr && symbol->kind == SymbolKind::kTimer) {
            dev::ir::Timer& timer = program_.timers[symbol->index];
            once(timer.handler, *handler.node, timer.name);
            program_.timers[symbol->index].handler = handle(handler, 0, {});
        } else if (symbol != nullptr && symbol->kind == SymbolKind::kSource) {
            dev::ir::Source& source = program_.sources[symbol->index];
            once(source.handler, *handler.node, source.name);
            const unsigned bits = source.bits;
            const std::uint32_t made = handle(handler, 1, bits == 0 ? std::nullopt : std::optional(Type::number(bits)));
            program_.sources[symbol->index].handler = made;
            accepts(symbol->index);
        } else {
            unknown_event(*handler.node);
        }
    }

    void once(std::uint32_t known, const ast::OnStmt& node, std::string_view what) {
        if (known != kNone)
            device_.report(Code::kDeviceItem, node.event.span,
                           fmt::format("`on {}` stands twice in this device", what));
    }

    std::uint32_t handle(const HandlerInfo& handler, unsigned parameter_count, std::optional<Type> type) {
        Body body(device_, handler.node->event.text, parameter_count, false);
        const std::vector<ast::Ident> names = parameters(*handler.node, type ? 1 : 0);
        if (type) body.parameter(0, names[0], *type);
        for (const ast::PhaseItem* phase : handler.phases) body.only_where(*phase->after);
        const bool is_beginning = handler.node->event.text == "reset" || handler.node->event.text == "power_on";
        if (!is_beginning) body.within(handler.phases);
        body.statements(handler.node->body);
        return add(body.finish(handler.node->event.span));
    }

    void accepts(std::uint32_t source) {
        for (const ast::HostPort* port : device_.ports) {
            if (port->name.text != program_.sources[source].name || port->when == nullptr) continue;
            const std::uint32_t made = question(*port->when, port->name.text + " accepts");
            program_.sources[source].accepts = made;
        }
    }

    void unknown_event(const ast::OnStmt& node) {
        auto& finding = device_.report(Code::kDeviceName, node.event.span,
                                       fmt::format("nothing here is called `{}`", node.event.text));
        std::vector<std::string> known = {"reset", "power_on"};
        for (const dev::ir::Timer& timer : program_.timers) known.push_back(timer.name);
        for (const dev::ir::Source& source : program_.sources) known.push_back(source.name);
        if (auto near = diagnostics::did_you_mean(node.event.text, known)) {
            finding.help(fmt::format("did you mean `{}`?", *near))
                .fix(fmt::format("change to `{}`", *near), diagnostics::Applicability::kMaybeIncorrect, node.event.span,
                     *near);
        } else {
            finding.help(
                fmt::format("`on` is for {}; reads and writes stand in their register", fmt::join(known, ", ")));
        }
    }

    void require_handler(const dev::ir::Source& source) {
        if (source.handler != kNone) return;
        const Symbol* symbol = device_.find(source.name);
        device_.report(Code::kDeviceItem, symbol->where, fmt::format("nobody takes what `{}` brings", source.name))
            .help(source.bits == 0 ? fmt::format("write `on {} {{ … }}`", source.name)
                                   : fmt::format("write `on {}(v) {{ … }}`", source.name));
    }

    void lower(const FunctionInfo& function) {
        Body body(device_, function.node->name.text, static_cast<unsigned>(function.parameters.size()),
                  function.result.base != TypeBase::kNothing);
        for (std::size_t i = 0; i < function.parameters.size(); ++i)
            body.parameter(static_cast<unsigned>(i), function.node->fn.parameters[i].name, function.parameters[i]);
        body.returns_type(function.result);
        body.statements(function.node->fn.body);
        body.require_return(function.result, function.node->name.span);
        body.finish(function.node->name.span);
    }

    Declared& device_;
    dev::ir::Program& program_;
    std::map<std::string, std::uint32_t> guards_;
};

}  // namespace

void lower(Declared& device) {
    Lowering(device).run();
}

}  // namespace nyx::device
