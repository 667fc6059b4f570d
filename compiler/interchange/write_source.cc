// An imported machine as Nyx.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compiler/format/format.h"
#include "compiler/interchange/import.h"
#include "compiler/interchange/text.h"
#include "runtime/base/check.h"
#include "runtime/script/value.h"

namespace nyx::interchange {

namespace {

std::string boot_text(const ImportedBoot& boot) {
    if (boot.is_firmware) return fmt::format("firmware(image: {})", quoted(boot.image));
    std::string text = fmt::format("linux(kernel: {}", quoted(boot.image));
    if (!boot.initrd.empty()) text += fmt::format(", initrd: {}", quoted(boot.initrd));
    if (!boot.cmdline.empty()) text += fmt::format(", cmdline: {}", quoted(boot.cmdline));
    return text + ")";
}

std::string cpu_text(const ImportedMachine& machine) {
    std::vector<std::string> arguments;
    if (!machine.without.empty()) arguments.push_back(fmt::format("without: [{}]", fmt::join(machine.without, ", ")));
    if (!machine.requires_bits.empty())
        arguments.push_back(fmt::format("requires: [{}]", fmt::join(machine.requires_bits, ", ")));
    std::string profile = machine.cpu.empty() ? "host" : machine.cpu;
    return arguments.empty() ? profile : fmt::format("{}({})", profile, fmt::join(arguments, ", "));
}

std::string backend_text(const ImportedSerial& device) {
    return device.backend == "file" ? fmt::format("file({})", quoted(device.path)) : device.backend;
}

std::string serial_text(const ImportedSerial& serial) {
    std::vector<std::string> fields;
    if (serial.base) fields.push_back(fmt::format("base = {:#x}", *serial.base));
    if (serial.irq) fields.push_back(fmt::format("irq = {}", *serial.irq));
    if (serial.backend != "stdio") fields.push_back("backend = " + backend_text(serial));
    return fmt::format("serial {} {{ {} }}\n", serial.name, fmt::join(fields, "; "));
}

std::string disk_text(const ImportedDisk& disk) {
    return fmt::format("disk {} {{ image = {}{} }}\n", disk.name, quoted(disk.path),
                       disk.read_only ? "; read_only = true" : "");
}

std::string net_text(const ImportedNet& net) {
    std::vector<std::string> fields;
    if (net.network == "tap") fields.push_back(fmt::format("network = tap({})", quoted(net.interface)));
    if (!net.forwards.empty())
        fields.push_back(fmt::format("network = user(forward: [{}])", fmt::join(net.forwards, ", ")));
    if (!net.mac.empty()) fields.push_back("mac = " + quoted(net.mac));
    return fmt::format("net {} {{ {} }}\n", net.name, fmt::join(fields, "; "));
}

std::string fields_text(const ImportedMachine& machine) {
    std::string text;
    if (machine.memory)
        text += fmt::format("memory = {}\n", script::to_text(script::Value::quantity(
                                                 script::Type::kSize, static_cast<std::int64_t>(*machine.memory))));
    text += fmt::format("cpus = {}\n", machine.cpus);
    if (std::string cpu = cpu_text(machine); cpu != "host") text += fmt::format("cpu = {}\n", cpu);
    text += fmt::format("boot = {}\n", boot_text(machine.boot));
    if (!machine.acpi) text += "acpi = false\n";
    if (!machine.pit) text += "pit = false\n";
    if (!machine.accelerator.empty()) text += fmt::format("accelerator = {}\n", machine.accelerator);
    if (!machine.irqchip.empty()) text += fmt::format("irqchip = {}\n", machine.irqchip);
    return text;
}

std::string devices_text(const ImportedMachine& machine) {
    std::string text;
    for (const ImportedSerial& serial : machine.serials) text += serial_text(serial);
    for (const ImportedDisk& disk : machine.disks) text += disk_text(disk);
    for (const ImportedNet& net : machine.nets) text += net_text(net);
    if (machine.has_rng) text += "rng rng { }\n";
    if (machine.pvpanic_port) text += fmt::format("pvpanic pvpanic {{ port = {:#x} }}\n", *machine.pvpanic_port);
    if (machine.exit_port) text += fmt::format("exit exit {{ port = {:#x} }}\n", *machine.exit_port);
    if (machine.debugcon_port)
        text += fmt::format("debugcon debugcon {{ port = {:#x}; backend = {} }}\n", *machine.debugcon_port,
                            backend_text(machine.debugcon));
    return text;
}

std::string losses_text(const ImportedMachine& machine) {
    if (machine.losses.empty()) return {};
    std::string text = "\n# Not carried over:\n";
    for (const Loss& loss : machine.losses) {
        std::string place = loss.line > 0 ? fmt::format("line {}: ", loss.line) : std::string();
        text += fmt::format("#   {}{}: {}\n", place, one_line(loss.what), one_line(loss.reason));
    }
    return text;
}

}  // namespace

const char* format_name(Format format) {
    constexpr const char* kNames[] = {"libvirt", "firecracker", "qemu"};
    return kNames[static_cast<std::size_t>(format)];
}

std::string source_of(const ImportedMachine& machine, Format format, const std::string& from) {
    constexpr const char* kWhat[] = {"libvirt's domain XML", "a configuration of Firecracker",
                                     "a command line of QEMU"};
    std::string text =
        fmt::format("# Imported from {} ({})\n\n", one_line(from), kWhat[static_cast<std::size_t>(format)]);
    text += fmt::format("machine {} {{\n", identifier(machine.name));
    if (!machine.doc.empty()) text += doc_string(machine.doc) + "\n";
    text += fields_text(machine);
    std::string devices = devices_text(machine);
    if (!devices.empty()) text += "\n" + devices;
    text += losses_text(machine) + "}\n";
    source::SourceMap sources;
    diagnostics::Sink sink;
    auto formatted = format::format(sources, sources.add("<import>", std::move(text)), sink);
    NYX_CHECK(formatted.has_value(), "an importer wrote what is no Nyx");
    return *formatted;
}

}  // namespace nyx::interchange
