// What a device has from outside: parameters, ports of the host, how ACPI tells of it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/device/body.h"
#include "compiler/device/declarer.h"
#include "devices/ir/facts.h"

namespace nyx::device {

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

void Declarer::host(const ast::HostItem& item) {
    dev::ir::Program& program = device_.program;
    for (const ast::HostPort& port : item.ports) {
        device_.ports.push_back(&port);
        const std::string& what = port.type.name;
        if (what == "query") {
            query(port);
            continue;
        }
        const bool has_values = what == "sink" || what == "source" || what == "fact";
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
        } else if (what == "fact") {
            fact(port, bits);
        } else if (what == "control" || what == "clock") {
            add(port.name, what == "control" ? SymbolKind::kControl : SymbolKind::kClock, 0);
        } else {
            bad(port.type.span, fmt::format("there is no host port `{}`", what))
                .help("there are `sink<T>`, `source<T>`, `query<T, T>`, `event`, `control`, `clock` and `fact<T>`");
        }
    }
}

// A word goes out, and another one comes back at once.
void Declarer::query(const ast::HostPort& port) {
    std::vector<std::uint8_t> bits;
    for (const ast::TypeRef& one : port.type.parameters) {
        const Type type = read_type(device_, one).element;
        const bool is_width =
            type.base == TypeBase::kInt && (type.bits == 8 || type.bits == 16 || type.bits == 32 || type.bits == 64);
        if (is_width) bits.push_back(static_cast<std::uint8_t>(type.bits));
    }
    if (bits.size() != 2 || port.type.parameters.size() != 2) {
        bad(port.type.span, "a query is asked with a word and answered with one: `query<u32, u8>`");
    } else if (add(port.name, SymbolKind::kQuery, device_.program.queries.size())) {
        device_.program.queries.push_back({port.name.text, bits[0], bits[1]});
    }
}

// A number that the plan has of the machine.
void Declarer::fact(const ast::HostPort& port, unsigned bits) {
    const auto known = std::ranges::find(dev::ir::kFacts, port.name.text, &dev::ir::Fact::name);
    if (known == std::end(dev::ir::kFacts)) {
        std::vector<std::string_view> names;
        for (const dev::ir::Fact& one : dev::ir::kFacts) names.push_back(one.name);
        bad(port.name.span, fmt::format("nothing is known of a machine as `{}`", port.name.text))
            .help(fmt::format("there are {}", fmt::join(names, ", ")));
        return;
    }
    if (bits < known->bits) {
        bad(port.type.span, fmt::format("`{}` has {} bits", port.name.text, known->bits));
        return;
    }
    if (!add(port.name, SymbolKind::kSetting, device_.program.settings.size())) return;
    device_.program.settings.push_back({port.name.text, static_cast<std::uint8_t>(bits), known->usual, true});
    device_.setting_ranges.push_back(Range::of_bits(bits));
    device_.setting_types.push_back(Type::number(bits));
}

// ACPI 6.5 §6.1.5: three capital letters, or four capital letters and digits, and then four hexadecimal digits.
static bool is_hardware_id(std::string_view id) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (id.size() != 7 && id.size() != 8) return false;
    const std::string_view vendor = id.substr(0, id.size() - 4), product = id.substr(id.size() - 4);
    return std::ranges::all_of(vendor, [&](char c) { return is_capital(c) || (id.size() == 8 && is_digit(c)); }) &&
           std::ranges::all_of(product, [&](char c) { return is_digit(c) || (c >= 'A' && c <= 'F'); });
}

static bool is_compatible_id(std::string_view id) {
    return !id.empty() && id.size() < 64 && std::ranges::all_of(id, [](char c) { return c > ' ' && c <= '~'; });
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
            if (!is_hardware_id(acpi.hid)) bad(one->span, "a hardware id is such as \"PNP0501\" or \"ACME0001\"");
        } else if (name != nullptr && name->name == "cid" && text != nullptr) {
            acpi.cid = text->value;
            if (!is_compatible_id(acpi.cid)) bad(one->span, "a compatible id has 1 to 63 characters without spaces");
        } else if (name != nullptr && name->name == "uid" && number != nullptr) {
            acpi.uid = static_cast<std::uint64_t>(number->value);
        } else if (one->kind != ast::StmtKind::kErrorStmt) {
            bad(one->span, "of ACPI a device says `hid = \"PNP0501\"`, `cid` and `uid = 0`");
        }
    }
}

}  // namespace nyx::device
