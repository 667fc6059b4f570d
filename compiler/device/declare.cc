#include <fmt/format.h>

#include "compiler/device/body.h"
#include "compiler/device/declarer.h"

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
    if (!program.script.name.empty()) check_class();
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
        } else if (option.name.text == "script" && text != nullptr && !text->value.empty()) {
            device_.program.script.name = text->value;
            device_.script = option.value->span;
        } else {
            bad(option.name.span, fmt::format("a device has no `{}` here", option.name.text))
                .help(
                    "its header is `device name(parameters) snapshot 1 { … }`, perhaps with `native \"name\"` or "
                    "`script \"Class\"`");
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
        case ItemKind::kMigrate:
            device_.migrations.push_back(&ast::as<ast::MigrateItem>(one));
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
