#include "compiler/doc/register_tables.h"

#include <fmt/format.h>

#include "compiler/device/compile.h"
#include "compiler/doc/entries.h"
#include "compiler/doc/html.h"
#include "compiler/doc/pages.h"
#include "compiler/doc/prose.h"
#include "devices/ir/service.h"

namespace nyx::doc {

using dev::ir::Program;
using dev::ir::Register;

namespace {

std::string offset_cell(const Register& reg) {
    if (reg.count == 1) return fmt::format("{:#x}", reg.offset);
    return fmt::format("{:#x}, {} of them every {:#x}", reg.offset, reg.count, reg.stride);
}

// Where its guard and direction leave it.
std::string access_cell(const Program& program, const Register& reg) {
    std::string text = fmt::format("<code>{}</code>", dev::ir::kind_name(reg.kind));
    if (reg.guard != dev::ir::kNone)
        text += fmt::format(" when <code>{}</code>", escaped(program.functions[reg.guard].name));
    if (reg.phase != dev::ir::kNone)
        text += fmt::format(", writes in phase {}", escaped(program.functions[reg.phase].name));
    return text;
}

std::string served_cell(const Program& program, const Register& reg) {
    std::string text;
    if (reg.readable) text += fmt::format("read {}", dev::ir::service_name(dev::ir::served_read(program, reg).service));
    if (reg.writable)
        text += fmt::format("{}write {}", text.empty() ? "" : ", ",
                            dev::ir::service_name(dev::ir::served_write(program, reg).service));
    return text;
}

std::string bank_table(const Context& context, const Program& program, std::uint32_t bank) {
    const bool is_ports = program.banks[bank].space == dev::ir::Space::kPio;
    Table table(fmt::format("Registers of {}", escaped(program.banks[bank].name)),
                {is_ports ? "Port" : "Offset", "Name", "Bits", "Access", "After a reset", "Served at best", "Is"});
    std::string fields;
    for (const Register& reg : program.registers) {
        if (reg.bank != bank) continue;
        table.row(reg.name, {offset_cell(reg), escaped(reg.name), fmt::to_string(reg.width * 8),
                             access_cell(program, reg), reg.readable ? fmt::format("{:#x}", reg.reset) : "",
                             served_cell(program, reg), inline_prose(context, reg.doc)});
        Table bits(fmt::format("Fields of {}", escaped(reg.name)), {"Bits", "Name", "Access", "Is"});
        for (const dev::ir::Field& field : reg.fields) {
            const std::string where =
                field.high == field.low ? fmt::to_string(field.low) : fmt::format("{}..{}", field.high, field.low);
            bits.row("", {where, escaped(field.name), fmt::format("<code>{}</code>", dev::ir::kind_name(field.kind)),
                          inline_prose(context, field.doc)});
        }
        fields += bits.text();
    }
    return table.text() + fields;
}

std::string state_table(const Context& context, const Program& program) {
    Table table(fmt::format("State, version {}", program.version), {"Id", "Name", "Type", "Since", "Is"});
    for (const dev::ir::StateField& field : program.state)
        table.row("", {fmt::to_string(field.id), escaped(field.name), escaped(device::type_text(field.type)),
                       fmt::to_string(field.since), inline_prose(context, field.doc)});
    return table.text();
}

// A class stands behind it: what it is, what it is called with, and what comes from outside.
std::string class_tables(const Context& context, const Program& program) {
    const std::string text =
        fmt::format("<p>Behaves as the class <code>{}</code>.</p>\n", code(context, program.script.name));
    Table banks("Banks", {"Name", "Space", "Size", "The class calls its base", "Is"});
    for (std::size_t i = 0; i < program.banks.size(); ++i) {
        const dev::ir::Bank& bank = program.banks[i];
        banks.row(
            bank.name,
            {escaped(bank.name), bank.space == dev::ir::Space::kPio ? "ports" : "memory", fmt::to_string(bank.size),
             fmt::format("<code>{}</code>", escaped(program.script.bases[i])), inline_prose(context, bank.doc)});
    }
    Table ports("Timers and host ports", {"Name", "Kind", "Reaches the class by"});
    const auto row = [&](const std::string& port, std::string_view kind, const std::string& by) {
        ports.row(port, {escaped(port), std::string(kind), fmt::format("<code>{}</code>", escaped(by))});
    };
    for (const dev::ir::Timer& timer : program.timers) row(timer.name, "timer", fmt::format("on_{}()", timer.name));
    for (const dev::ir::Sink& sink : program.sinks)
        row(sink.name, fmt::format("sink of {} bits", sink.bits), fmt::format("emit(\"{}\", value)", sink.name));
    for (const dev::ir::Source& source : program.sources)
        row(source.name, source.bits == 0 ? "event" : "source of bytes",
            fmt::format("on_{}({})", source.name, source.bits == 0 ? "" : "byte"));
    return text + banks.text() + ports.text();
}

}  // namespace

std::string register_tables(const Context& context, const ast::DeviceDecl& node) {
    device::Known known;
    for (const Entry& entry : context.entries.all()) {
        const auto* device = entry.node == nullptr ? nullptr : ast::try_as<ast::DeviceDecl>(entry.node);
        if (device != nullptr) known.emplace(device->name.text, device);
    }
    diagnostics::Sink said_elsewhere;
    const device::LockedDevice not_asked{0, {}, {}};
    const auto compiled = device::compile(node, known, context.sources, said_elsewhere, &not_asked);
    if (!compiled) return {};
    if (!compiled->program.script.name.empty()) return class_tables(context, compiled->program);
    std::string text;
    for (std::uint32_t bank = 0; bank < compiled->program.banks.size(); ++bank)
        text += bank_table(context, compiled->program, bank);
    return text + state_table(context, compiled->program);
}

}  // namespace nyx::doc
