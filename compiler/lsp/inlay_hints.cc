// What the text leaves open and the compiler has found (LSP 3.17, "Inlay Hint Request"): types of variables, and of
// machines that check the addresses and lines that were chosen and the defaults.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "compiler/lsp/features.h"

namespace nyx::lsp {

using nlohmann::json;

namespace {

constexpr int kType = 1;  // InlayHintKind

class Hints {
  public:
    Hints(const Document& document, std::size_t begin, std::size_t end)
        : document_(document), begin_(begin), end_(end) {}

    // Behind byte `at`; of one place only the first.
    void add(std::uint32_t at, std::string label, std::optional<int> kind, const std::string& tip) {
        if (label.empty() || at < begin_ || at > end_ || !seen_.insert(at).second) return;
        Position position = document_.position(at);
        json hint = {{"position", {{"line", position.line}, {"character", position.character}}},
                     {"label", std::move(label)}};
        if (kind) hint["kind"] = *kind;
        if (!kind) hint["paddingLeft"] = true;
        if (!tip.empty()) hint["tooltip"] = {{"kind", "markdown"}, {"value", tip}};
        list_.push_back(std::move(hint));
    }
    json take() { return std::move(list_); }

  private:
    const Document& document_;
    std::size_t begin_;
    std::size_t end_;
    std::set<std::uint32_t> seen_;
    json list_ = json::array();
};

std::string range_text(const Range& range) {
    return range.size == 1 ? fmt::format("{:#x}", range.base) : fmt::format("{:#x}–{:#x}", range.base, range.end() - 1);
}

std::string value_text(const model::Field& field) {
    constexpr check::TypeKind kKinds[] = {check::TypeKind::kInt, check::TypeKind::kSize, check::TypeKind::kTime,
                                          check::TypeKind::kRate, check::TypeKind::kFrequency};
    const auto* number = std::get_if<std::int64_t>(&field.value);
    return number ? check::number_text(kKinds[static_cast<std::size_t>(field.unit)], *number)
                  : plan::setting_text(field.value);
}

// "0x3f8–0x3ff", "irq 4": what the author left open.
std::vector<std::string> chosen(const model::Device& device, const plan::DevicePlan& placed) {
    std::vector<std::string> texts;
    std::size_t ports = 0;
    std::size_t memory = 0;
    std::size_t lines = 0;
    for (const model::ResourceRequest& request : device.resources) {
        std::string text;
        using Kind = model::ResourceRequest::Kind;
        if (request.kind == Kind::kPio && ports < placed.pio.size()) text = range_text(placed.pio[ports++]);
        if (request.kind == Kind::kMmio && memory < placed.mmio.size()) text = range_text(placed.mmio[memory++]);
        if (request.kind == Kind::kGsi && lines < placed.gsis.size())
            text = fmt::format("irq {}", placed.gsis[lines++]);
        bool open = !request.fixed || request.fixed->is_default;
        if (open && !text.empty()) texts.push_back(std::move(text));
    }
    return texts;
}

void add_defaults(const std::map<std::string, model::Field>& fields, std::vector<std::string>& texts) {
    for (const auto& [name, field] : fields) {
        // Of a record the parts come after it: "backend.path".
        if (field.is_default && name.find('.') == std::string::npos)
            texts.push_back(fmt::format("{} = {}", name, value_text(field)));
    }
}

void of_device(const model::Device& device, const plan::MachinePlan& plan, std::uint32_t file, Hints& hints) {
    const plan::DevicePlan* placed = plan.find_device(device.name);
    if (device.where.file != file || !placed) return;
    std::vector<std::string> shown = chosen(device, *placed);
    std::vector<std::string> defaults;
    add_defaults(device.fields, defaults);
    add_defaults(device.host, defaults);
    std::string tip = defaults.empty() ? "" : fmt::format("Left open: `{}`", fmt::join(defaults, "`, `"));
    if (shown.empty()) shown = defaults;
    hints.add(device.where.end, fmt::format("{}", fmt::join(shown, ", ")), std::nullopt, tip);
}

void of_machine(const model::Machine& machine, std::uint32_t file, Hints& hints) {
    if (machine.where.file != file) return;
    std::vector<std::string> defaults;
    if (machine.memory.is_default)
        defaults.push_back("memory = " +
                           check::number_text(check::TypeKind::kSize, static_cast<std::int64_t>(machine.memory.value)));
    if (machine.cpus.is_default) defaults.push_back(fmt::format("cpus = {}", machine.cpus.value));
    if (machine.cpu.is_default) defaults.push_back("cpu = " + machine.cpu.value.name);
    hints.add(machine.where.end, fmt::format("{}", fmt::join(defaults, ", ")), std::nullopt,
              "What the machine leaves open");
}

void of_variables(const Place& place, Hints& hints) {
    for (analyze::SymbolId id : place.model.declared_in(place.file)) {
        const analyze::Symbol& symbol = place.model.symbol(id);
        bool variable = symbol.kind == analyze::SymbolKind::kConstant || symbol.kind == analyze::SymbolKind::kVariable;
        const analyze::TypeTable& types = place.model.types();
        if (!variable || symbol.annotated || types.is_unknown(symbol.type) || types.is_nothing(symbol.type)) continue;
        std::string_view written = place.sources.text(symbol.span);
        if (written.starts_with("let") || written.starts_with("const"))
            hints.add(symbol.name_span.end, ": " + place.model.text(symbol.type), kType, {});
    }
}

}  // namespace

Result<json> handle_inlay_hint(Request& request) {
    auto place = request.place();
    if (!place) return json::array();
    const Document& document = request.file->document;
    const json& range = request.params.at("range");
    Hints hints(document, document.offset(position_of(range.at("start"))),
                document.offset(position_of(range.at("end"))));
    of_variables(*place, hints);
    for (const CheckedMachine& checked : request.file->analysis->machines()) {
        of_machine(checked.machine, place->file, hints);
        if (!checked.plan) continue;
        for (const model::Device& device : checked.machine.devices)
            of_device(device, *checked.plan, place->file, hints);
    }
    return hints.take();
}

}  // namespace nyx::lsp
