// Calls, conversions and members: fifos, timers, requests, registers' fields, enumerations.
#include <fmt/format.h>

#include <charconv>

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
    if (symbol->kind == SymbolKind::kEnum) {
        const EnumType& of = device_.enums[symbol->index];
        return conversion(node, {TypeBase::kEnum, of.bits, &of});
    }
    if (symbol->kind == SymbolKind::kSink) {
        report(Code::kDeviceType, node.span, fmt::format("`{}` is a sink", called->name))
            .fix("put `emit` before it", diagnostics::Applicability::kMachineApplicable,
                 {node.span.file, node.span.begin, node.span.begin}, "emit ");
        return Value::error();
    }
    if (symbol->kind == SymbolKind::kQuery) return query(symbol->index, node);
    if (symbol->kind == SymbolKind::kFunction)
        return inline_call(device_.functions[symbol->index], symbol->index, node);
    return mistake(Code::kDeviceType, node.callee->span, fmt::format("`{}` is no function", called->name));
}

// The host answers before anything else happens.
Value Body::query(std::uint32_t number, const ast::CallExpr& node) {
    const dev::ir::Query& asked = device_.program.queries[number];
    if (!takes(node, 1, "`" + asked.name + "`")) return Value::error();
    const Value about = expression_as(*node.arguments[0].value, Type::number(asked.about));
    if (about.type.is_error()) return about;
    const std::uint16_t to = builder_.temporary();
    builder_.emit({Op::kQuery, asked.bits, to, in_temporary(about), 0, number});
    return {Type::number(asked.bits), Range::of_bits(asked.bits), std::nullopt, to, {}};
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

Value Body::inline_call(const FunctionInfo& function, std::uint32_t, const ast::CallExpr& node) {
    for (const Inline& one : inlined_) {
        if (one.function != &function) continue;
        report(Code::kNotTotal, node.span, fmt::format("`{}` calls itself", function.node->name.text))
            .label(function.node->name.span, "so it might not end")
            .help("what repeats is a `for` with a fixed number of rounds");
        return Value::error();
    }
    if (!takes(node, function.parameters.size(), "`" + function.node->name.text + "`")) return Value::error();
    std::vector<Value> values;
    for (std::size_t i = 0; i < function.parameters.size(); ++i)
        values.push_back(expression_as(*node.arguments[i].value, function.parameters[i]));
    function.is_called = true;
    auto scopes = std::exchange(scopes_, decltype(scopes_)(1));
    for (std::size_t i = 0; i < values.size(); ++i)
        declare_local(function.node->fn.parameters[i].name, values[i], false);
    Inline frame{&function, builder_.temporary(), builder_.temporary(), loops_.size(), {}, {}, false, node.span};
    builder_.emit({Op::kConstant, 1, frame.has_returned});
    inlined_.push_back(frame);
    const bool ends = block(function.node->fn.body);
    frame = std::move(inlined_.back());
    inlined_.pop_back();
    for (const std::size_t jump : frame.to_end) builder_.point_here(jump);
    scopes_ = std::move(scopes);
    forget_mutable();
    if (!ends && function.result.base != TypeBase::kNothing)
        report(Code::kNotTotal, function.node->name.span,
               fmt::format("`{}` may end without a value", function.node->name.text));
    const Range range = frame.is_range_known ? frame.range : Range::of_bits(function.result.bits);
    return {function.result, range, std::nullopt, frame.result, {}};
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
    if (symbol != nullptr && symbol->kind == SymbolKind::kState) return fifo_member(symbol->index, member, &node);
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
    if (auto named = register_named(*node.object)) {
        if (named->index.type.is_error()) return Value::error();
        if (const FieldInfo* field = named->reg->find(node.member.text))
            return field_value(*named->reg, *field, named->index, node.span);
        std::vector<std::string> names;
        for (const FieldInfo& field : named->reg->fields)
            if (!field.name.empty()) names.push_back(field.name);
        return unknown_member(node, "`" + named->reg->name.text + "`", names);
    }
    const Symbol* symbol = symbol_named(*node.object);
    if (symbol == nullptr) {
        const Value object = expression(*node.object);
        if (object.type.is_error()) return object;
        return unknown_member(node, text_of(object.type), {});
    }
    switch (symbol->kind) {
        case SymbolKind::kState:
            return fifo_member(symbol->index, node, nullptr);
        case SymbolKind::kTimer:
            return timer_member(symbol->index, node, nullptr);
        case SymbolKind::kControl:
            return control_member(node, nullptr);
        case SymbolKind::kClock: {
            if (node.member.text != "ns") return unknown_member(node, "a clock", {"ns"});
            const std::uint16_t to = builder_.temporary();
            builder_.emit({Op::kWallTime, 64, to});
            return {Type::number(64), {}, std::nullopt, to, {}};
        }
        case SymbolKind::kEnum: {
            const EnumType& of = device_.enums[symbol->index];
            std::vector<std::string> names;
            for (const EnumType::Value& value : of.values) {
                if (value.name == node.member.text) return Value::of({TypeBase::kEnum, of.bits, &of}, value.number);
                names.push_back(value.name);
            }
            return unknown_member(node, "`" + of.name + "`", names);
        }
        default:
            return mistake(Code::kDeviceType, node.span, fmt::format("this has no `{}`", node.member.text));
    }
}

Value Body::fifo_member(std::uint32_t field, const ast::MemberExpr& member, const ast::CallExpr* call) {
    const dev::ir::StateField& about = device_.program.state[field];
    const std::string& what = member.member.text;
    const Type type = device_.state_types[field];
    if (about.type.kind != dev::ir::TypeKind::kFifo) {
        if (about.type.kind == dev::ir::TypeKind::kArray && what == "len" && call == nullptr)
            return Value::of(Type::literal(), about.type.count);
        return unknown_member(member, "`" + about.name + "`", {});
    }
    const auto length = [&]() -> Value {
        const std::uint16_t to = builder_.temporary();
        const Place place{Place::kLength, field, 63, 0};
        builder_.emit({Op::kFifoLength, 32, to, 0, 0, field});
        return {Type::number(32), known(place, {0, about.type.count}), std::nullopt, to, place};
    };
    const auto argument = [&](std::size_t at, Type wanted) {
        return expression_as(*call->arguments[at].value, wanted);
    };
    const bool changes = call != nullptr && (what == "push" || what == "pop_or" || what == "clear");
    if (changes && !may_change(field, member.span)) return Value::error();
    if (call == nullptr) {
        if (what == "len") return length();
        if (what == "empty") return operation(Op::kEqual, length(), Value::of(Type::literal(), 0), 64);
        if (what == "full") return operation(Op::kEqual, length(), Value::of(Type::literal(), about.type.count), 64);
    } else if (what == "push" && takes(*call, 1, "`push`")) {
        const Value value = argument(0, type);
        if (value.type.is_error()) return value;
        builder_.emit({Op::kFifoPush, type.bits, 0, in_temporary(value), 0, field});
        forget(Place::kLength, field);
        return {Type::nothing(), {}, std::nullopt, 0, {}};
    } else if (what == "pop_or" && takes(*call, 1, "`pop_or`")) {
        const Value value = argument(0, type);
        if (value.type.is_error()) return value;
        const std::uint16_t to = builder_.temporary();
        builder_.emit({Op::kFifoPop, type.bits, to, in_temporary(value), 0, field});
        forget(Place::kLength, field);
        return {type, Range::of_bits(type.bits), std::nullopt, to, {}};
    } else if (what == "clear" && takes(*call, 0, "`clear`")) {
        builder_.emit({Op::kFifoClear, type.bits, 0, 0, 0, field});
        forget(Place::kLength, field);
        return {Type::nothing(), {}, std::nullopt, 0, {}};
    } else if (what == "at" && takes(*call, 1, "`at`")) {
        const Value index = expression(*call->arguments[0].value);
        if (!prove(index, about.type.count, call->arguments[0].value->span, about.name, "places"))
            return Value::error();
        const std::uint16_t to = builder_.temporary();
        builder_.emit({Op::kFifoAt, type.bits, to, in_temporary(index), 0, field});
        return {type, Range::of_bits(type.bits), std::nullopt, to, {}};
    } else if (what == "push" || what == "pop_or" || what == "clear" || what == "at") {
        return Value::error();
    }
    return unknown_member(member, "a fifo", {"len", "empty", "full", "push", "pop_or", "clear", "at"});
}

// `configuring.reset()`: what the phase declares is as at the beginning. The one change that is made from outside.
Value Body::phase_member(const ast::PhaseItem& phase, const ast::MemberExpr& member, const ast::CallExpr& call) {
    if (member.member.text != "reset") return unknown_member(member, "a phase", {"reset"});
    const Value nothing{Type::nothing(), {}, std::nullopt, 0, {}};
    if (!takes(call, 0, "`reset`")) return nothing;
    for (std::uint32_t field = 0; field < device_.program.state.size(); ++field) {
        if (device_.state_phases[field] != &phase) continue;
        const dev::ir::StateField& about = device_.program.state[field];
        if (about.type.kind == dev::ir::TypeKind::kFifo) {
            builder_.emit({Op::kFifoClear, about.type.bits, 0, 0, 0, field});
        } else if (about.type.kind == dev::ir::TypeKind::kScalar) {
            builder_.emit(
                {Op::kStore, about.type.bits, 0, in_temporary(Value::of(Type::literal(), about.initial)), 0, field});
        } else {
            loop(about.type.count, call.span, [&](const Value& at) {
                const std::uint16_t initial = in_temporary(Value::of(Type::literal(), about.initial));
                builder_.emit({Op::kStoreAt, about.type.bits, 0, at.temporary, initial, field});
            });
        }
    }
    forget_mutable();
    return nothing;
}

Value Body::timer_member(std::uint32_t timer, const ast::MemberExpr& member, const ast::CallExpr* call) {
    const std::string& what = member.member.text;
    if (call != nullptr && what == "arm") {
        if (!takes(*call, 1, "`arm`")) return Value::error();
        const Value ticks = expression_as(*call->arguments[0].value, Type::number(64));
        if (!ticks.type.is_error()) builder_.emit({Op::kTimerArm, 64, 0, in_temporary(ticks), 0, timer});
        return {Type::nothing(), {}, std::nullopt, 0, {}};
    }
    if (call != nullptr && what == "cancel") {
        if (takes(*call, 0, "`cancel`")) builder_.emit({Op::kTimerCancel, 64, 0, 0, 0, timer});
        return {Type::nothing(), {}, std::nullopt, 0, {}};
    }
    const bool asks = what == "running";
    if (call != nullptr || (!asks && what != "elapsed"))
        return unknown_member(member, "a timer", {"arm", "cancel", "running", "elapsed"});
    const std::uint16_t to = builder_.temporary();
    const Type type = asks ? Type::boolean() : Type::number(64);
    builder_.emit({asks ? Op::kTimerRunning : Op::kTimerElapsed, type.bits, to, 0, 0, timer});
    return {type, Range::of_bits(type.bits), std::nullopt, to, {}};
}

Value Body::control_member(const ast::MemberExpr& member, const ast::CallExpr* call) {
    static const std::vector<std::string> kRequests = {"reset", "power_off", "exit", "panicked"};
    const auto found = std::find(kRequests.begin(), kRequests.end(), member.member.text);
    if (call == nullptr || found == kRequests.end()) return unknown_member(member, "the machine", kRequests);
    const auto which = static_cast<std::uint64_t>(found - kRequests.begin());
    const bool has_value = which >= 2;
    if (!takes(*call, has_value ? 1 : 0, "`" + member.member.text + "`")) return Value::error();
    std::uint16_t value = 0;
    if (has_value) {
        const Type type = which == 2 ? Type::number(8) : Type::boolean();
        const Value given = expression_as(*call->arguments[0].value, type);
        if (given.type.is_error()) return given;
        value = in_temporary(given);
    }
    builder_.emit({Op::kControl, 64, 0, value, 0, which});
    return {Type::nothing(), {}, std::nullopt, 0, {}};
}

}  // namespace nyx::device
