// Ids of the state: those of the lock, and new ones above them; and that a state which changed has another version.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "compiler/device/compiler_steps.h"

namespace nyx::device {

using diagnostics::Code;

namespace {

// The state in the order of its ids, and everything that names a field by its place.
void reorder(Declared& device) {
    std::vector<dev::ir::StateField>& state = device.program.state;
    std::vector<std::uint32_t> order(state.size()), place(state.size());
    std::iota(order.begin(), order.end(), 0u);
    std::ranges::stable_sort(order, {}, [&](std::uint32_t at) { return state[at].id; });
    std::vector<dev::ir::StateField> sorted;
    std::vector<Type> types;
    for (std::uint32_t i = 0; i < order.size(); ++i) {
        place[order[i]] = i;
        sorted.push_back(std::move(state[order[i]]));
        types.push_back(device.state_types[order[i]]);
    }
    state = std::move(sorted);
    device.state_types = std::move(types);
    for (auto& [name, symbol] : device.symbols)
        if (symbol.kind == SymbolKind::kState) symbol.index = place[symbol.index];
    for (RegisterInfo& reg : device.registers) {
        if (reg.storage != dev::ir::kNone) reg.storage = place[reg.storage];
        if (reg.window != dev::ir::kNone) reg.window = place[reg.window];
    }
}

// Where the version of the next state is written.
diagnostics::Fix raise(const Declared& device, std::uint32_t version) {
    const ast::DeviceDecl& node = *device.node;
    for (const ast::DeviceOption& option : node.options) {
        if (option.name.text != "snapshot") continue;
        return {fmt::format("raise it to `snapshot {}`", version),
                diagnostics::Applicability::kMachineApplicable,
                {{option.value->span, fmt::to_string(version)}}};
    }
    const std::string text = device.source_text(node.span);
    const auto brace = node.span.begin + static_cast<std::uint32_t>(std::min(text.find(" {"), text.size()));
    return {fmt::format("raise it to `snapshot {}`", version),
            diagnostics::Applicability::kMaybeIncorrect,
            {{{node.span.file, brace, brace}, fmt::format(" snapshot {}", version)}}};
}

void report_change(const Declared& device, const LockedDevice& before, std::string what) {
    auto& finding =
        device.report(Code::kStateChanged, device.node->name.span,
                      fmt::format("the state of version {} was another one", before.version), std::move(what));
    finding.note("a machine that was saved with the older state would be restored wrongly");
    finding.fix(raise(device, before.version + 1));
}

}  // namespace

void assign_ids(Declared& device, const LockedDevice* before) {
    if (before == nullptr) return;
    std::uint32_t next = before->highest() + 1;
    std::string added;
    std::size_t kept = 0;
    for (dev::ir::StateField& field : device.program.state) {
        const LockedField* known = before->find(field.name, type_text(field.type));
        field.id = known == nullptr ? next++ : known->id;
        if (known == nullptr && added.empty()) added = field.name;
        if (known != nullptr) field.since = known->since;
        if (known == nullptr && field.since == 1) field.since = device.program.version;
        kept += known != nullptr ? 1 : 0;
    }
    reorder(device);
    if (device.program.version < before->version) {
        report_change(device, *before, fmt::format("this is version {} again", device.program.version));
    } else if (device.program.version == before->version && !added.empty()) {
        report_change(device, *before, fmt::format("`{}` is new, or of another type", added));
    } else if (device.program.version == before->version && kept != before->fields.size()) {
        const auto gone = std::ranges::find_if(before->fields, [&](const LockedField& one) {
            return std::ranges::none_of(device.program.state, [&](const auto& field) { return field.id == one.id; });
        });
        report_change(device, *before, fmt::format("`{}` is gone", gone->name));
    }
}

}  // namespace nyx::device
