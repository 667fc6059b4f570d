// What happens to a device: resets, timers, words of the host.
#include <fmt/format.h>

#include "compiler/device/lowering.h"
#include "compiler/diagnostics/did_you_mean.h"

namespace nyx::device {

using dev::ir::kNone;
using diagnostics::Code;

// The names of a handler's parameters, in order; those that are left out are empty.
std::vector<ast::Ident> Lowering::parameters(const ast::OnStmt& node, std::size_t most) {
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

void Lowering::lower(const HandlerInfo& handler) {
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

void Lowering::once(std::uint32_t known, const ast::OnStmt& node, std::string_view what) {
    if (known != kNone)
        device_.report(Code::kDeviceItem, node.event.span, fmt::format("`on {}` stands twice in this device", what));
}

std::uint32_t Lowering::handle(const HandlerInfo& handler, unsigned parameter_count, std::optional<Type> type) {
    Body body(device_, handler.node->event.text, parameter_count, false);
    const std::vector<ast::Ident> names = parameters(*handler.node, type ? 1 : 0);
    if (type) body.parameter(0, names[0], *type);
    for (const ast::PhaseItem* phase : handler.phases) body.only_where(*phase->after);
    const bool is_beginning = handler.node->event.text == "reset" || handler.node->event.text == "power_on";
    if (!is_beginning) body.within(handler.phases);
    body.statements(handler.node->body);
    return add(body.finish(handler.node->event.span));
}

void Lowering::accepts(std::uint32_t source) {
    for (const ast::HostPort* port : device_.ports) {
        if (port->name.text != program_.sources[source].name || port->when == nullptr) continue;
        const std::uint32_t made = question(*port->when, port->name.text + " accepts");
        program_.sources[source].accepts = made;
    }
}

void Lowering::unknown_event(const ast::OnStmt& node) {
    auto& finding =
        device_.report(Code::kDeviceName, node.event.span, fmt::format("nothing here is called `{}`", node.event.text));
    std::vector<std::string> known = {"reset", "power_on"};
    for (const dev::ir::Timer& timer : program_.timers) known.push_back(timer.name);
    for (const dev::ir::Source& source : program_.sources) known.push_back(source.name);
    if (auto near = diagnostics::did_you_mean(node.event.text, known)) {
        finding.help(fmt::format("did you mean `{}`?", *near))
            .fix(fmt::format("change to `{}`", *near), diagnostics::Applicability::kMaybeIncorrect, node.event.span,
                 *near);
    } else {
        finding.help(fmt::format("`on` is for {}; reads and writes stand in their register", fmt::join(known, ", ")));
    }
}

void Lowering::require_handler(const dev::ir::Source& source) {
    if (source.handler != kNone || !program_.script.name.empty()) return;  // a class has it
    const Symbol* symbol = device_.find(source.name);
    device_.report(Code::kDeviceItem, symbol->where, fmt::format("nobody takes what `{}` brings", source.name))
        .help(source.bits == 0 ? fmt::format("write `on {} {{ … }}`", source.name)
                               : fmt::format("write `on {}(v) {{ … }}`", source.name));
}

}  // namespace nyx::device
