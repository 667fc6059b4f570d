#include "compiler/interchange/qemu_devices.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/interchange/reasons.h"
#include "compiler/interchange/text.h"

namespace nyx::interchange {

void QemuDevices::lose(const std::string& what, const std::string& reason, const ShellWord& word) {
    in_.machine.lose(one_line(what), reason, in_.line(word.begin));
}

void QemuDevices::chardev(const ShellWord& word) {
    QemuValue value = qemu_value(word.text, "backend");
    const std::string* id = value.find("id");
    const std::string* backend = value.find("backend");
    if (!id || !backend) return lose("-chardev " + word.text, "it has no id", word);
    const std::string* path = value.find("path");
    chardevs_[*id] = backend_of(path ? *backend + ":" + *path : *backend, word);
}

// What -serial, -debugcon and -chardev take.
ImportedSerial QemuDevices::backend_of(std::string text, const ShellWord& word) {
    ImportedSerial device;
    if (text.starts_with("mon:")) text = text.substr(4);
    if (text.starts_with("chardev:")) return chardev_of(text.substr(8), word);
    if (text == "stdio" || text == "pty") device.backend = text;
    if (text == "vc" || text.starts_with("vc:")) device.backend = "pty";
    if (text.starts_with("file:")) device.backend = "file", device.path = text.substr(5);
    if (device.backend == "none" && text != "null" && text != "none")
        lose("a serial line over " + text,
             "this build has the terminal, a pseudo-terminal and files; its output is dropped", word);
    return device;
}

ImportedSerial QemuDevices::chardev_of(const std::string& id, const ShellWord& word) {
    auto found = chardevs_.find(id);
    if (found != chardevs_.end()) return found->second;
    in_.mistake(word.begin, word.end, fmt::format("there is no -chardev of the id `{}`", one_line(id, 60)));
    return {};
}

ImportedSerial QemuDevices::backend(const QemuValue& value, const ShellWord& word) {
    const std::string* id = value.find("chardev");
    return id ? chardev_of(*id, word) : ImportedSerial();
}

std::uint64_t QemuDevices::port(const QemuValue& value, const char* key, std::uint64_t otherwise,
                                const ShellWord& word) {
    const std::string* text = value.find(key);
    return text ? in_.number(*text, word.begin, key, 0xFFFF).value_or(otherwise) : otherwise;
}

void QemuDevices::make_all(const std::string& usual) {
    bool has_serial = std::any_of(pending_.begin(), pending_.end(),
                                  [](const PendingDevice& one) { return one.kind == PendingDevice::kSerialOption; });
    if (!has_serial && !usual.empty()) {
        ImportedSerial port;
        port.backend = usual;
        in_.add_serial(std::move(port), 0);
    }
    for (const PendingDevice& pending : pending_) make(pending);
}

void QemuDevices::make(const PendingDevice& pending) {
    const ShellWord& word = pending.word;
    if (pending.kind == PendingDevice::kDevice) return make_device(word);
    if (pending.kind == PendingDevice::kDebugconOption) return make_debugcon(backend_of(word.text, word), 0xe9, word);
    if (word.text != "none") in_.add_serial(backend_of(word.text, word), word.begin);
}

void QemuDevices::make_device(const ShellWord& word) {
    QemuValue value = qemu_value(word.text, "driver");
    const std::string* driver = value.find("driver");
    std::string name = driver ? *driver : std::string();
    if (name == "isa-serial") return isa_serial(value, word);
    if (name == "isa-debugcon") return make_debugcon(backend(value, word), port(value, "iobase", 0xe9, word), word);
    if (name == "isa-debug-exit") return exit_device(value, word);
    if (name != "pvpanic") return lose("device " + word.text, reason_for(name), word);
    in_.machine.pvpanic_port = port(value, "ioport", 0x505, word);
}

void QemuDevices::isa_serial(const QemuValue& value, const ShellWord& word) {
    ImportedSerial serial = backend(value, word);
    if (const std::string* id = value.find("id")) serial.name = identifier(*id);
    if (value.find("iobase")) serial.base = port(value, "iobase", 0, word);
    if (const std::string* irq = value.find("irq")) serial.irq = in_.number(*irq, word.begin, "irq", 0xFF);
    if (const std::string* index = value.find("index")) {
        auto k = in_.number(*index, word.begin, "index", 3);
        if (k && *k != in_.machine.serials.size()) serial.base = kComBases[*k];
    }
    in_.add_serial(std::move(serial), word.begin);
}

void QemuDevices::make_debugcon(ImportedSerial backend, std::uint64_t at, const ShellWord& word) {
    if (in_.machine.debugcon_port) return lose("a second debug console", "a machine has one", word);
    in_.machine.debugcon = std::move(backend);
    in_.machine.debugcon_port = at;
    in_.claim_terminal(in_.machine.debugcon, in_.line(word.begin));
}

void QemuDevices::exit_device(const QemuValue& value, const ShellWord& word) {
    in_.machine.exit_port = port(value, "iobase", 0x501, word);
    lose("the status of isa-debug-exit", "QEMU ends with 2 × value + 1, nyx with the value itself", word);
}

}  // namespace nyx::interchange
