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
    if (name.starts_with("virtio-blk")) return virtio_disk(value, word);
    if (name.starts_with("virtio-net")) return virtio_net(value, word);
    if (name.starts_with("virtio-rng")) {
        in_.machine.has_rng = true;
        return;
    }
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

void QemuDevices::drive(const ShellWord& word) {
    QemuValue value = qemu_value(word.text, "file");
    const std::string* file = value.find("file");
    const std::string* kind = value.find("if");
    const std::string* id = value.find("id");
    const std::string* format = value.find("format");
    const std::string* media = value.find("media");
    const bool is_virtio = kind && *kind == "virtio", is_named = kind && *kind == "none" && id;
    if (!file || (!is_virtio && !is_named) || (media && *media == "cdrom"))
        return lose("-drive " + word.text, reason_for("drive"), word);
    ImportedDisk disk;
    disk.path = *file;
    if (id) disk.name = identifier(*id);
    const std::string* read_only = value.find("readonly") ? value.find("readonly") : value.find("read-only");
    disk.read_only = read_only && *read_only == "on";
    if (is_virtio) return in_.add_disk(std::move(disk), format ? *format : "", in_.line(word.begin));
    drives_[*id] = {std::move(disk), format ? *format : ""};
}

void QemuDevices::virtio_disk(const QemuValue& value, const ShellWord& word) {
    const std::string* id = value.find("drive");
    auto drive = id ? drives_.find(*id) : drives_.end();
    if (drive == drives_.end()) return lose("device " + word.text, "its -drive is not one that nyx has", word);
    in_.add_disk(drive->second.disk, drive->second.format, in_.line(word.begin));
}

// hostfwd=[tcp|udp]:[hostaddr]:hostport-[guestaddr]:guestport
void QemuDevices::forward(const std::string& rule, ImportedNet& net, const ShellWord& word) {
    std::size_t first = rule.find(':'), second = rule.find(':', first + 1), dash = rule.find('-', second + 1);
    std::size_t last = rule.rfind(':');
    if (first == std::string::npos || second == std::string::npos || dash == std::string::npos || last < dash)
        return lose("hostfwd=" + rule, "it is not understood", word);
    std::string protocol = rule.substr(0, first);
    auto host = in_.number(rule.substr(second + 1, dash - second - 1), word.begin, "a port", 0xFFFF);
    auto guest = in_.number(rule.substr(last + 1), word.begin, "a port", 0xFFFF);
    if (!host || !guest) return;
    if (*host == 0 || *guest == 0 || (protocol != "tcp" && protocol != "udp" && !protocol.empty()))
        return lose("hostfwd=" + rule, "it is not understood", word);
    // QEMU listens for everybody where no address is given.
    const bool any = second == first + 1;
    net.forwards.push_back(fmt::format("{}({}, {}{})", protocol.empty() ? "tcp" : protocol, *host, *guest,
                                       any ? ", any_address: true" : ""));
}

std::optional<ImportedNet> QemuDevices::network_of(const QemuValue& value, const ShellWord& word) {
    const std::string* type = value.find("type");
    ImportedNet net;
    if (type && *type == "tap") {
        const std::string* name = value.find("ifname");
        net.network = "tap";
        net.interface = name ? *name : "tap0";
        return net;
    }
    if (!type || *type != "user") return std::nullopt;
    for (const auto& [key, setting] : value.items)
        if (key == "hostfwd") forward(setting, net, word);
    return net;
}

void QemuDevices::netdev(const ShellWord& word) {
    QemuValue value = qemu_value(word.text, "type");
    const std::string* id = value.find("id");
    std::optional<ImportedNet> net = id ? network_of(value, word) : std::nullopt;
    if (!net) return lose("-netdev " + word.text, reason_for("net"), word);
    netdevs_[*id] = std::move(*net);
}

void QemuDevices::virtio_net(const QemuValue& value, const ShellWord& word) {
    const std::string* id = value.find("netdev");
    auto found = id ? netdevs_.find(*id) : netdevs_.end();
    if (found == netdevs_.end()) return lose("device " + word.text, "its -netdev is not one that nyx has", word);
    ImportedNet net = found->second;
    if (const std::string* mac = value.find("mac")) net.mac = *mac;
    in_.add_net(std::move(net), in_.line(word.begin));
}

void QemuDevices::nic(const ShellWord& word) {
    QemuValue value = qemu_value(word.text, "type");
    std::optional<ImportedNet> net = network_of(value, word);
    const std::string* model = value.find("model");
    if (!net || !model || !model->starts_with("virtio")) return lose("network " + word.text, reason_for("net"), word);
    if (const std::string* mac = value.find("mac")) net->mac = *mac;
    in_.add_net(std::move(*net), in_.line(word.begin));
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
