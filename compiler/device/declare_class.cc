// A device that is a class of the script: what its declaration may say.
#include <fmt/format.h>

#include "compiler/device/declarer.h"
#include "devices/ir/ports.h"

namespace nyx::device {

using ast::ItemKind;

// The class does what the device does, so the declaration says what it has.
void Declarer::check_class() {
    for (const ast::DeviceDecl* level : device_.levels)
        for (const ast::ItemPtr& one : level->items) check_of_class(*one);
    for (const ast::HostPort* port : device_.ports) check_of_class(*port);
    dev::ir::Program& program = device_.program;
    for (const ast::BankItem* bank : banks_) {
        const ast::Parameter* parameter = device_.find_parameter(*bank->at);
        program.script.bases.push_back(parameter == nullptr ? "" : parameter->name.text);
    }
    if (!dev::ir::is_served_by_machine(program))
        bad(device_.script, "a machine has no such ports for a class")
            .help("it has one sink, one `source<u8>` and the events `line_break` and `power_button`");
}

void Declarer::check_of_class(const ast::DeviceItem& item) {
    if (item.kind == ItemKind::kAcpi || item.kind == ItemKind::kHost) return;
    const auto* bank = item.kind == ItemKind::kBank ? &ast::as<ast::BankItem>(item) : nullptr;
    const auto* timer = item.kind == ItemKind::kTimer ? &ast::as<ast::TimerItem>(item) : nullptr;
    if (timer != nullptr && !timer->arguments.empty())
        bad(timer->arguments.front().value->span, "timers of a class count nanoseconds");
    if (timer != nullptr || (bank != nullptr && bank->items.empty())) return;
    bad(bank != nullptr ? bank->items.front()->span : item.span,
        fmt::format("`{}` does what this device does, so it has banks, ports and timers alone",
                    device_.program.script.name))
        .label(device_.script, "its class");
}

void Declarer::check_of_class(const ast::HostPort& port) {
    dev::ir::ScriptClass& script = device_.program.script;
    script.controls |= port.type.name == "control";
    script.has_clock |= port.type.name == "clock";
    if (port.when != nullptr)
        bad(port.when->span, "a class says itself when it takes something")
            .help(fmt::format("give it `fn accepts_{}() -> bool {{ … }}`", port.name.text));
}

}  // namespace nyx::device
