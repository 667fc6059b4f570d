#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compiler/device/body.h"
#include "compiler/device/declarer.h"
#include "compiler/diagnostics/did_you_mean.h"

namespace nyx::device {

using ast::ItemKind;
using diagnostics::Code;

const FieldInfo* RegisterInfo::find(std::string_view called) const {
    for (const FieldInfo& field : fields)
        if (!field.name.empty() && field.name == called) return &field;
    return nullptr;
}

const Symbol* Declared::find(std::string_view name) const {
    const auto found = symbols.find(name);
    return found == symbols.end() ? nullptr : &found->second;
}

std::vector<std::string> Declared::names() const {
    std::vector<std::string> all;
    for (const auto& [name, symbol] : symbols) all.push_back(name);
    return all;
}

std::string Declared::source_text(Span span) const {
    return std::string(std::string_view(sources->file(span.file).text).substr(span.begin, span.end - span.begin));
}

const ast::Parameter* Declared::find_parameter(const ast::Expr& named) const {
    const auto* name = ast::try_as<ast::NameExpr>(&named);
    for (const ast::Parameter* one : all_parameters)
        if (name != nullptr && one->name.text == name->name) return one;
    return nullptr;
}

std::unique_ptr<Declared> declare(const ast::DeviceDecl& node, const Known& known, const source::SourceMap& sources,
                                  diagnostics::Sink& sink) {
    auto device = std::make_unique<Declared>();
    device->node = &node;
    device->sources = &sources;
    device->sink = &sink;
    Declarer(*device, known).run();
    return device;
}

std::optional<std::uint64_t> constant_of(const Declared& device, const ast::Expr& expr, std::string_view what) {
    Body body(device, "", 0, false);
    const Value value = body.expression(expr);
    if (value.type.is_error()) return std::nullopt;
    if (!value.constant) device.report(Code::kDeviceItem, expr.span, fmt::format("{} is a constant number", what));
    return value.constant;
}

void Declarer::run() {
    const ast::DeviceDecl& node = *device_.node;
    dev::ir::Program& program = device_.program;
    program.name = node.name.text;
    program.doc = node.doc;
    program.title = node.doc.substr(0, node.doc.find_first_of(".\n"));
    find_levels();
    options();
    parameters();
    collect_overrides();
    for (const ast::DeviceDecl* level : device_.levels) {
        for (const ast::ItemPtr& one : level->items) {
            if (one->kind == ItemKind::kEnum && !one->override_word)
                enumeration(ast::as<ast::EnumItem>(overridden(*one)));
            if (one->kind == ItemKind::kBank) banks_.push_back(&ast::as<ast::BankItem>(*one));
        }
    }
    order_banks();
    for (const ast::DeviceDecl* level : device_.levels) name_phases(level->items);
    // Registers last: what they stand for is known then, wherever it is declared.
    for (const bool of_banks : {false, true}) {
        for (const ast::DeviceDecl* level : device_.levels) {
            for (const ast::ItemPtr& one : level->items)
                if ((one->kind == ItemKind::kBank) == of_banks) item(*one, {});
        }
    }
    check_overrides();
}

void Declarer::options() {
    for (const ast::DeviceOption& option : device_.node->options) {
        const auto* text = ast::try_as<ast::StringLiteral>(option.value.get());
        if (option.name.text == "snapshot") {
            const auto version = constant_of(device_, *option.value, "the version of the state");
            if (version && (*version < 1 || *version > 0xFFFF)) bad(option.value->span, "versions begin with 1");
            if (version) device_.program.version = static_cast<std::uint32_t>(*version);
        } else if (option.name.text == "native" && text != nullptr) {
            device_.native = text->value;
        } else {
            bad(option.name.span, fmt::format("a device has no `{}` here", option.name.text))
                .help("its header is `device name(parameters) snapshot 1 { … }`, perhaps with `native \"name\"`");
        }
    }
}

bool Declarer::add(const ast::Ident& name, SymbolKind kind, std::size_t index) {
    const auto [found, is_new] =
        device_.symbols.emplace(name.text, Symbol{kind, static_cast<std::uint32_t>(index), name.span});
    if (is_new) return true;
    const auto is_own = [&](Span where) {
        const Span own = device_.node->span;
        return where.file == own.file && where.begin >= own.begin && where.end <= own.end;
    };
    const Span first = found->second.where;
    if (is_own(first) != is_own(name.span)) {
        device_
            .report(Code::kOverride, is_own(first) ? first : name.span,
                    fmt::format("`{}` is in the device that this one extends", name.text))
            .label(is_own(first) ? name.span : first, "declared here")
            .help("an item that takes its place says so: `override` before it");
        return false;
    }
    bad(name.span, fmt::format("`{}` is declared twice", name.text)).label(found->second.where, "first here");
    return false;
}

// Types of schemas: what is wrong with them is said where the schema is made.
void Declarer::parameters() {
    for (const ast::Parameter* node : device_.all_parameters) parameter(*node);
}

void Declarer::parameter(const ast::Parameter& node) {
    const std::string type = node.type ? node.type->name : "";
    dev::ir::Program& program = device_.program;
    if (type == "gsi") {
        if (add(node.name, SymbolKind::kLine, program.lines.size())) program.lines.push_back({node.name.text});
    } else if (type == "ioport" || type == "mmio") {
        add(node.name, SymbolKind::kRange, 0);
    } else if (type == "int" || type == "bool") {
        setting(node);
    } else {
        add(node.name, SymbolKind::kHost, 0);
    }
}

// `int(0..255)` is a number of as many bits as its bounds need.
void Declarer::setting(const ast::Parameter& node) {
    Range range{0, ~std::uint64_t{0}};
    Type type = Type::boolean();
    if (node.type->name == "int") {
        const auto* bounds =
            node.type->arguments.empty() ? nullptr : ast::try_as<ast::BinaryExpr>(node.type->arguments.front().get());
        if (bounds != nullptr) {
            const auto low = constant_of(device_, *bounds->left, "a bound"),
                       high = constant_of(device_, *bounds->right, "a bound");
            if (low && high) range = {*low, *high};
        }
        const unsigned bits = range.high <= 0xFF ? 8 : range.high <= 0xFFFF ? 16 : range.high <= 0xFFFFFFFF ? 32 : 64;
        type = Type::number(bits);
    } else {
        range = {0, 1};
    }
    dev::ir::Setting made{node.name.text, type.bits, range.low};
    const auto* literal = ast::try_as<ast::IntLiteral>(node.default_value.get());
    const auto* truth = ast::try_as<ast::BoolLiteral>(node.default_value.get());
    if (literal != nullptr) made.value = static_cast<std::uint64_t>(literal->value) & dev::ir::low_bits(type.bits);
    if (truth != nullptr) made.value = truth->value ? 1 : 0;
    if (!add(node.name, SymbolKind::kSetting, device_.program.settings.size())) return;
    device_.program.settings.push_back(std::move(made));
    device_.setting_ranges.push_back(range);
    device_.setting_types.push_back(type);
}

void Declarer::items(const ast::ItemList& list, const Surroundings& around) {
    for (const ast::ItemPtr& one : list) item(*one, around);
}

void Declarer::item(const ast::DeviceItem& written, const Surroundings& around) {
    if (written.override_word) return;  // taken where the item stands that it overrides
    const ast::DeviceItem& one = overridden(written);
    const bool in_bank = around.bank != dev::ir::kNone, in_phase = !around.phases.empty();
    const bool is_register = one.kind == ItemKind::kReg || one.kind == ItemKind::kWhen || one.kind == ItemKind::kIndex;
    const bool is_phase = one.kind == ItemKind::kPhase;
    const bool of_phase = one.kind == ItemKind::kOn || (one.kind == ItemKind::kState && !in_bank);
    if (!(in_bank    ? is_register || is_phase || (in_phase && of_phase)
          : in_phase ? is_phase || of_phase
                     : !is_register)) {
        bad(one.span, is_register ? "registers stand in a bank: `bank regs: pio @base, size 8 { … }`"
                      : in_bank   ? "this stands in the device itself, not in a bank"
                                  : "this stands in the device itself, not in a phase");
        return;
    }
    switch (one.kind) {
        case ItemKind::kHost:
            return host(ast::as<ast::HostItem>(one));
        case ItemKind::kState:
            return state(ast::as<ast::StateItem>(one), around);
        case ItemKind::kDerive:
            return derive(ast::as<ast::DeriveItem>(one));
        case ItemKind::kTimer:
            return timer(ast::as<ast::TimerItem>(one));
        case ItemKind::kBank:
            return bank(ast::as<ast::BankItem>(one));
        case ItemKind::kReg:
            return reg(ast::as<ast::RegItem>(one), around);
        case ItemKind::kWhen: {
            const auto& when = ast::as<ast::WhenItem>(one);
            Surroundings inside = around;
            inside.guards.push_back({&when, false});
            items(when.then_items, inside);
            inside.guards.back().is_negated = true;
            return items(when.else_items, inside);
        }
        case ItemKind::kIndex:
            return index_pair(ast::as<ast::IndexItem>(one), around);
        case ItemKind::kPhase:
            return phase(ast::as<ast::PhaseItem>(one), around);
        case ItemKind::kOn:
            device_.handlers.push_back({ast::as<ast::OnItem>(one).handler.get(), around.phases});
            return;
        case ItemKind::kInvariant:
            device_.invariants.push_back(&ast::as<ast::InvariantItem>(one));
            return;
        case ItemKind::kFn:
            return function(ast::as<ast::FnItem>(one));
        case ItemKind::kTest:
            device_.tests.push_back(&ast::as<ast::TestItem>(one));
            return;
        case ItemKind::kAcpi:
            return acpi(ast::as<ast::AcpiItem>(one));
        case ItemKind::kEnum:
            return;
    }
}

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

void Declarer::host(const ast::HostItem& item) {
    dev::ir::Program& program = device_.program;
    for (const ast::HostPort& port : item.ports) {
        device_.ports.push_back(&port);
        const std::string& what = port.type.name;
        const bool has_values = what == "sink" || what == "source";
        unsigned bits = 0;
        if (has_values && port.type.parameters.size() == 1) {
            const Type type = read_type(device_, port.type.parameters[0]).element;
            bits = type.base == TypeBase::kInt ? type.bits : 0;
        }
        const bool is_width = bits == 8 || bits == 16 || bits == 32 || bits == 64;
        if (has_values && !is_width) {
            bad(port.type.span, fmt::format("a {0} is of bytes or words: `{0}<u8>`", what));
        } else if (what == "sink") {
            if (add(port.name, SymbolKind::kSink, program.sinks.size()))
                program.sinks.push_back({port.name.text, static_cast<std::uint8_t>(bits)});
        } else if (what == "source" || what == "event") {
            if (add(port.name, SymbolKind::kSource, program.sources.size()))
                program.sources.push_back({port.name.text, static_cast<std::uint8_t>(bits)});
        } else if (what == "control" || what == "clock") {
            add(port.name, what == "control" ? SymbolKind::kControl : SymbolKind::kClock, 0);
        } else {
            bad(port.type.span, fmt::format("there is no host port `{}`", what))
                .help("there are `sink<T>`, `source<T>`, `event`, `control` and `clock`");
        }
    }
}

// Those that say their condition, wherever they stand: others have more of them.
void Declarer::name_phases(const ast::ItemList& list) {
    for (const ast::ItemPtr& one : list) {
        if (one->kind == ItemKind::kBank) name_phases(ast::as<ast::BankItem>(*one).items);
        if (one->kind == ItemKind::kWhen) {
            name_phases(ast::as<ast::WhenItem>(*one).then_items);
            name_phases(ast::as<ast::WhenItem>(*one).else_items);
        }
        if (one->kind != ItemKind::kPhase) continue;
        const auto& item = ast::as<ast::PhaseItem>(*one);
        name_phases(item.items);
        if (item.after == nullptr) continue;
        const auto [known, is_new] = device_.phases.emplace(item.name.text, &item);
        if (is_new) continue;
        bad(item.name.span, fmt::format("`{}` is declared twice", item.name.text))
            .label(known->second->name.span, "first here")
            .help(fmt::format("more of the same phase is `phase {} {{ … }}`, without a condition of its own",
                              item.name.text));
    }
}

void Declarer::phase(const ast::PhaseItem& item, const Surroundings& around) {
    Surroundings inside = around;
    const auto known = device_.phases.find(item.name.text);
    if (known == device_.phases.end()) {
        bad(item.name.span, fmt::format("the device has no phase `{}`", item.name.text))
            .help(fmt::format("it is declared by `phase {} after condition {{ … }}`", item.name.text));
        return;
    }
    inside.phases.push_back(item.after != nullptr ? &item : known->second);
    items(item.items, inside);
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

void Declarer::acpi(const ast::AcpiItem& item) {
    dev::ir::Acpi& acpi = device_.program.acpi;
    for (const ast::StmtPtr& one : item.body) {
        const auto* assign = ast::try_as<ast::AssignStmt>(one.get());
        const auto* name = assign == nullptr ? nullptr : ast::try_as<ast::NameExpr>(assign->target.get());
        const auto* text = assign == nullptr ? nullptr : ast::try_as<ast::StringLiteral>(assign->value.get());
        const auto* number = assign == nullptr ? nullptr : ast::try_as<ast::IntLiteral>(assign->value.get());
        if (name != nullptr && name->name == "hid" && text != nullptr) {
            acpi.hid = text->value;
        } else if (name != nullptr && name->name == "cid" && text != nullptr) {
            acpi.cid = text->value;
        } else if (name != nullptr && name->name == "uid" && number != nullptr) {
            acpi.uid = static_cast<std::uint64_t>(number->value);
        } else if (one->kind != ast::StmtKind::kErrorStmt) {
            bad(one->span, "of ACPI a device says `hid = \"PNP0501\"`, `cid` and `uid = 0`");
        }
    }
}

// One with the name of a line drives it.
void Declarer::derive(const ast::DeriveItem& item) {
    const Symbol* known = device_.find(item.name.text);
    if (known != nullptr && known->kind == SymbolKind::kLine) {
        device_.symbols[item.name.text] = {SymbolKind::kDerive, static_cast<std::uint32_t>(device_.derives.size()),
                                           item.name.span};
        device_.derives.push_back({&item, true});
    } else if (add(item.name, SymbolKind::kDerive, device_.derives.size())) {
        device_.derives.push_back({&item, false});
    }
}

}  // namespace nyx::device
